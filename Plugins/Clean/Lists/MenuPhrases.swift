/// Entries of menus and paths, and the labels that open them.
let menuPhrases = """
    menu
    main menu
    home
    front page
    search
    search*
    close
    open menu
    close menu
    toggle navigation
    navigation
    sections
    all sections
    news
    world
    politics
    business
    sport
    sports
    opinion
    culture
    lifestyle
    entertainment
    technology
    science
    health
    travel
    weather
    video
    videos
    photos
    podcasts
    skip to*
    jump to*
    skip navigation
    skip advertisement
    back to top*
    go to top
    scroll to top
    back to home*
    back to*
    return to*
    you are here*
    home >*
    home ›*
    home /*
    home »*
    front page :*
    front page /*
    about
    about us
    contact
    contact us
    advertise
    advertise with us
    careers
    jobs
    help
    faq
    site map
    sitemap
    archives
    archive
    categories
    category
    log in
    login
    log out
    logout
    sign in
    sign out
    my account
    register
    profile
    settings
    next
    previous
    prev
    page
    first
    last
    english
    español
    today's paper
    e-paper
    breaking news
    # German, French, Spanish, Portuguese, Italian, Russian
    startseite
    suche
    anmelden
    accueil
    rechercher
    connexion
    inicio
    buscar
    iniciar sesión
    início
    cerca
    accedi
    главная
    главная »*
    поиск
    войти
    """
