/// Buttons and labels that pass a page on.
let sharePhrases = """
    share
    shares
    share this
    share this:
    share this article
    share this story
    share this post
    share this page
    share via
    share with
    share link
    share save
    share full article
    share on*
    share to*
    share by email
    share using*
    share this*
    shared
    sharing
    spread the word
    copy link
    link copied*
    copy url
    copied to clipboard
    click to share*
    click to email*
    click to print*
    email this*
    e-mail this*
    email article
    email a link*
    send by email
    send this*
    print this*
    print
    print article
    printer-friendly*
    printer friendly*
    tweet
    tweet this
    pin it
    pin
    facebook
    twitter
    facebook twitter*
    facebooktwitter*
    facebook messenger
    linkedin
    whatsapp
    reddit
    telegram
    pinterest
    tumblr
    instagram
    youtube
    flipboard
    google
    google plus
    email
    e-mail
    rss
    like this
    like loading
    like this:*
    like us on*
    follow us
    follow us on*
    follow us*
    follow on*
    find us on*
    connect with us*
    save for later
    save article
    save story
    save
    bookmark
    add to bookmarks
    views
    sharepin
    sharetweet*
    share tweet*
    opens in new window
    *opens in new window*
    cite this article
    gift this article
    give this article*
    listen to this article*
    listen to article*
    listen to this story*
    # German
    teilen
    artikel teilen
    auf facebook teilen
    drucken
    # French
    partager
    partager sur*
    partager l'article
    imprimer
    # Spanish, Portuguese, Italian
    compartir
    compartir en*
    compartilhar
    condividi
    condividi su*
    # Dutch, Polish, Russian
    delen
    udostępnij
    поделиться
    поделиться*
    """
