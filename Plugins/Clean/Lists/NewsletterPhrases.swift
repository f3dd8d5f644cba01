/// Invitations to subscribe.
let newsletterPhrases = """
    newsletter
    newsletters
    our newsletter
    sign up
    sign me up
    sign up for*
    sign up to*
    sign up here*
    sign up now*
    signup*
    subscribe
    subscribe now
    subscribe today*
    subscribe to*
    subscribe for*
    subscribe here*
    subscribe*
    subscribers only
    already a subscriber*
    already have an account*
    not a subscriber*
    get the latest*
    get our*
    get breaking news*
    get free access*
    get news alerts*
    get alerts*
    get more*
    get started
    get unlimited*
    get stories*
    get the best*
    get today's*
    start your day with*
    start your free*
    enter your email*
    your email address
    your e-mail*
    your email
    email address
    enter email*
    thank you for subscribing*
    thanks for subscribing*
    thank you for signing up*
    by signing up*
    by subscribing*
    by submitting*
    by opting in*
    by providing your*
    by entering your*
    by clicking*
    please enter a valid email*
    *our newsletter*
    *our daily newsletter*
    *our weekly newsletter*
    *our free newsletter*
    *newsletter here*
    *delivered to your inbox*
    *straight to your inbox*
    *in your inbox*
    *to your inbox*
    *by email. unsubscribe*
    *unsubscribe at any time*
    you can unsubscribe*
    mailing list
    no thanks
    never miss*
    turn on desktop notifications*
    to continue reading*
    this article is for subscribers*
    become a member*
    join us!*
    join the exclusive*
    # German, French, Spanish, Portuguese, Italian, Dutch, Russian
    newsletter abonnieren*
    jetzt abonnieren*
    abonnez-vous*
    s'abonner*
    inscrivez-vous*
    suscríbete*
    suscribirse*
    assine*
    iscriviti*
    abonneer*
    подпишитесь*
    подписаться*
    """
