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
    *affiliate link*
    *affiliate commissions*
    *we may earn*
    *we may receive compensation*
    *may receive payments from third*
    *may receive commissions*
    *may receive a commission*
    *we may make money*
    *we may get a commission*
    *may earn a portion*
    *may earn commission*
    *independently selected*
    *independently evaluate*
    *editorially independent*
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
