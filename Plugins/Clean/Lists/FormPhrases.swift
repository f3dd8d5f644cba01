/// Labels of forms and buttons.
let formPhrases = """
    username
    username or email*
    user name
    password
    password lost*
    remember me
    forgot password*
    forgot your password*
    forgotten password*
    lost your password*
    recover password
    have an account*
    do not have an account*
    don't have an account*
    create an account*
    create account
    welcome back
    welcome back!*
    login to your account*
    log in to your account*
    first name
    last name
    full name
    name
    send
    go
    ok
    yes
    no
    cancel
    continue
    join
    send us a tip*
    report this*
    report an error*
    report a typo*
    take our survey*
    vote
    view results
    visit profile*
    contact the organizer*
    price
    quantity
    tickets
    ticket tickets
    """
