/// Beginnings of lines between paragraphs that lead elsewhere.
let promoPhrases = """
    read more
    read more:*
    read more about*
    read more here*
    read more at*
    read more from*
    read more >*
    read more –*
    read more -*
    read more on*
    read also*
    also read*
    read also:*
    read next:*
    read:*
    read the full*
    read the original*
    read this next*
    read our*
    read here*
    read full*
    see also*
    see more:*
    also see*
    see:*
    related:*
    related story:*
    related article:*
    related stories:*
    recommended:*
    must read:*
    don't miss:*
    watch:*
    watch now:*
    watch more:*
    watch live:*
    watch the video*
    watch video*
    watch below*
    watch:
    video:*
    listen:*
    more:*
    more on*
    more about*
    click here*
    click to*
    tap here*
    continue reading*
    keep reading*
    learn more
    find out more
    find out more:*
    in pictures:*
    in pics:*
    explainer:*
    opinion:*
    analysis:*
    gallery:*
    photos:*
    story continues below*
    story continues*
    article continues*
    download the*
    download our*
    get the app*
    get our app*
    get your free*
    join our*
    join us on*
    follow us on*
    stay up to date*
    join the conversation*
    support our*
    support us*
    donate
    donate now
    buy now
    shop now
    # German
    lesen sie auch*
    lesen sie mehr*
    mehr dazu*
    mehr lesen*
    # French
    lire aussi*
    à lire aussi*
    à lire*
    lire la suite*
    voir aussi*
    # Spanish, Portuguese, Italian
    lea también*
    lee también*
    leer más*
    ver también*
    leia também*
    leia mais*
    veja também*
    leggi anche*
    # Dutch, Polish, Russian
    lees ook*
    lees meer*
    czytaj też*
    czytaj także*
    читайте также*
    смотрите также*
    """
