/// Notices about cookies and consent.
let cookiePhrases = """
    cookies
    cookie settings
    cookie policy
    cookie notice
    cookie preferences
    manage cookies
    manage choices
    manage consent
    accept cookies
    accept all*
    accept all cookies
    reject all*
    i accept
    i agree
    accept
    agree
    got it
    accept and continue
    necessary only
    only necessary
    we value your privacy*
    we and our partners*
    we use cookies*
    this site uses cookies*
    this website uses cookies*
    *uses cookies to*
    *uses cookies. *
    *use of cookies*
    *use cookies to*
    *use cookies and*
    *cookies and similar technologies*
    *our cookie policy*
    *our use of cookies*
    *cookies being used*
    *accept our cookie*
    *consent to cookies*
    *cookie consent*
    *cookies are absolutely essential*
    *cookies are used to*
    *cookies help*
    *cookies on your*
    *cookies allow us*
    *these cookies*
    *necessary cookies*
    *targeting cookies*
    *performance cookies*
    *third-party cookies*
    *store cookies*
    *all cookies*
    *cookies, which*
    *cookie is used*
    *cookie is set*
    *opt-out of our*
    *opt out of our*
    *sale of your personal information*
    privacy overview
    your privacy choices
    your privacy rights
    do not sell*
    do not share*
    # German, French, Spanish, Portuguese, Italian, Dutch, Russian
    *verwendet cookies*
    *verwenden cookies*
    *utilise des cookies*
    *utilisons des cookies*
    *utiliza cookies*
    *utilizamos cookies*
    *usa cookies*
    *utilizza cookie*
    *gebruikt cookies*
    *использует файлы cookie*
    *использует cookie*
    """
