/// Headings of lists that lead to other pages.
let relatedPhrases = """
    related
    related posts
    related articles
    related article
    related stories
    related story
    related news
    related content
    related coverage
    related topics
    related links
    related reading
    related video
    related videos
    related items
    related to this story
    more stories
    more news
    more articles
    more from*
    more on this*
    more on this story
    more in*
    more like this
    more to read
    more to explore
    more coverage
    more headlines
    more top stories
    more top news
    top stories
    top news
    top story
    trending
    trending now
    trending stories
    trending articles
    what's trending
    latest
    latest news
    latest stories
    latest articles
    latest posts
    latest headlines
    latest from*
    the latest
    recent posts
    recent articles
    recent news
    recent stories
    popular
    popular posts
    popular news
    popular stories
    popular articles
    popular now
    popular in*
    most popular
    most popular stories
    most read
    most viewed
    most shared
    most recent
    most commented
    editors' picks
    editor's picks
    editor's pick
    editor's choice
    our picks
    featured
    featured stories
    featured articles
    featured posts
    featured video
    featured videos
    recommended
    recommended stories
    recommended articles
    recommended reading
    recommended videos
    recommended for you
    you might also like*
    you may also like*
    you might like*
    you may like*
    you may have missed
    don't miss
    don't miss*
    must read*
    must reads
    up next
    next up
    read next
    what to read next
    next article
    next story
    next story*
    next post
    next post*
    next read*
    previous article
    previous story
    previous story*
    previous post
    previous post*
    post navigation
    older posts
    newer posts
    story timeline
    from the web
    from around the web
    around the web
    sponsored content
    sponsored stories
    promoted stories
    promoted content
    you might be interested in*
    you may be interested in*
    other stories*
    other news
    also in*
    in this story
    in case you missed it
    view more*
    see more*
    see all*
    show more*
    show all*
    load more*
    view all*
    read more stories*
    earlier bulletins
    # German
    mehr zum thema
    zum thema
    weitere artikel
    weitere meldungen
    weitere nachrichten
    weitere themen
    das könnte sie auch interessieren*
    das könnte dich auch interessieren*
    meistgelesen
    meistgelesene artikel
    ähnliche artikel
    ähnliche beiträge
    verwandte artikel
    verwandte themen
    neueste beiträge
    aktuelle beiträge
    # French
    à lire aussi
    sur le même sujet
    sur le même thème
    articles liés
    articles récents
    articles similaires
    derniers articles
    les plus lus
    vous aimerez aussi*
    cela pourrait vous intéresser*
    # Spanish, Portuguese, Italian
    noticias relacionadas
    artículos relacionados
    entradas relacionadas
    entradas recientes
    temas relacionados
    más noticias
    últimas noticias
    te puede interesar*
    también te puede interesar*
    quizás te interese*
    lo más leído
    lo más visto
    leia também
    mais lidas
    mais notícias
    últimas notícias
    notícias relacionadas
    artigos relacionados
    posts relacionados
    posts recentes
    você pode gostar*
    você também pode gostar*
    talvez você goste*
    articoli correlati
    articoli recenti
    articoli simili
    notizie correlate
    ultime notizie
    i più letti
    ti potrebbe interessare*
    potrebbe interessarti*
    potrebbero interessarti*
    # Dutch, Scandinavian
    lees ook
    meer nieuws
    meest gelezen
    gerelateerde artikelen
    mest läst
    mest lest
    mest læst
    # Polish, Czech, Hungarian, Turkish
    czytaj także
    najczęściej czytane
    podobne artykuły
    powiązane artykuły
    najnowsze artykuły
    související články
    nejčtenější
    kapcsolódó cikkek
    kapcsolódó cikkeink
    legolvasottabb
    további cikkek
    ilgili haberler
    son haberler
    # Russian, Ukrainian
    самое читаемое
    самое популярное
    похожие новости
    похожие статьи
    похожие материалы
    другие новости
    последние новости
    новости по теме
    ещё по теме
    материалы по теме
    популярное
    новини за темою
    """
