/// Beginnings of captions and picture credits.
let captionPhrases = """
    photo:*
    photo by*
    photo credit*
    photo courtesy*
    photograph:*
    photograph by*
    photographs by*
    photos by*
    picture:*
    image:*
    image credit*
    image credits*
    image source*
    image via*
    image courtesy*
    images courtesy*
    credit:*
    credit
    credits:*
    file photo*
    file picture*
    file image*
    illustration:*
    illustration by*
    caption
    hide caption
    toggle caption
    enlarge
    enlarge image*
    enlarge this image*
    view image*
    view gallery*
    view slideshow*
    *photo courtesy*
    *photograph courtesy*
    *image courtesy*
    *via getty images*
    *getty images)*
    *image credit*
    *photo credit*
    *photo by*
    *picture by*
    *(image:*
    *(photo:*
    *(picture:*
    *(credit:*
    *file photo*
    getty images
    getty
    reuters
    ap photo*
    (ap photo*
    afp via getty images
    image
    photo
    play video
    # German, French, Spanish, Portuguese, Italian, Russian
    foto:*
    bild:*
    crédit photo*
    imagen:*
    фото:*
    """
