/// Labels of advertisements.
let advertisementPhrases = """
    ad
    ads
    advert
    advertisement
    advertisement*
    advertising
    advertisment
    sponsored
    sponsored by*
    sponsor message
    paid content
    paid post
    promoted
    promoted by*
    affiliate links
    *affiliate commission*
    *earn a commission*
    ad feedback
    remove ads
    skip ad
    continue reading the main story
    scroll to continue*
    loading
    # German, French, Spanish, Portuguese, Italian, Russian
    anzeige
    werbung
    publicité
    publicidad
    publicidade
    pubblicità
    реклама
    """
