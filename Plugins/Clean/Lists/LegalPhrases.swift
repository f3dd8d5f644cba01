/// Copyright lines and the links of a footer.
let legalPhrases = """
    copyright
    copyright*
    *all rights reserved*
    privacy
    privacy policy
    privacy notice
    privacy statement
    privacy & policy
    terms
    terms & conditions
    terms and conditions
    terms of use
    terms of service
    terms of use*
    legal
    legal notice
    imprint
    disclaimer
    disclaimer:*
    accessibility
    accessibility statement
    cookie policy*
    corrections
    editorial standards*
    ethics policy*
    *may not be published, broadcast, rewritten*
    *may not be reproduced*
    *no part may be reproduced*
    *subject to copyright*
    *you consent to our*
    *you agree to our*
    *our user agreement*
    *our privacy policy*
    *our terms of*
    powered by*
    proudly powered by*
    made with*
    designed by*
    theme by*
    theme:*
    a version of this article appears in print*
    our standards:*
    # German, French, Spanish, Portuguese, Italian, Russian
    impressum
    datenschutz
    *alle rechte vorbehalten*
    mentions légales
    *tous droits réservés*
    aviso legal
    *todos los derechos reservados*
    *todos os direitos reservados*
    *tutti i diritti riservati*
    *все права защищены*
    """
