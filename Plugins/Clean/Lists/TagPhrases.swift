/// Labels of keywords and categories.
let tagPhrases = """
    tags
    tags:*
    tag:*
    tagged
    tagged:*
    tagged in*
    tagged with*
    tagged as*
    topics
    topics:*
    topic:*
    keywords
    keywords:*
    filed under*
    filed in*
    posted in*
    posted under*
    category:*
    categories:*
    in this article
    in this article:*
    explore more*
    read more about:*
    more about:*
    # German, French, Spanish, Russian
    schlagworte:*
    mots-clés*
    etiquetas:*
    метки:*
    теги:*
    """
