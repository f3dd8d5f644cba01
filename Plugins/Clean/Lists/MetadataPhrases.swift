/// Lines that say when, how long and by whom, rather than what.
let metadataPhrases = """
    published
    published:*
    published on*
    published at*
    published by*
    first published*
    updated
    updated:*
    updated on*
    updated at*
    last updated*
    last modified*
    posted on*
    posted at*
    posted by*
    posted:*
    by admin*
    written by*
    reported by*
    words by*
    words:*
    by
    by:*
    author
    author:*
    source:*
    reading time*
    read time*
    estimated reading time*
    min read
    mins read
    minute read
    minutes read
    min. read
    min
    minutes ago
    hours ago
    hour ago
    days ago
    day ago
    weeks ago
    description
    when
    this post appeared first*
    this article appeared first*
    this story appeared first*
    this article first appeared*
    this article originally appeared*
    this story originally appeared*
    this post originally appeared*
    this article was originally published*
    this story was originally published*
    this post was originally published*
    this article was first published*
    this story was first published*
    originally published*
    originally appeared*
    # German, French, Spanish, Portuguese, Italian, Russian
    veröffentlicht*
    aktualisiert*
    publié le*
    mis à jour*
    publicado el*
    publicado em*
    pubblicato*
    автор:*
    опубликовано*
    просмотров*
    """
