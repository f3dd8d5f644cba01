/// Headings, forms and counters of comments.
let commentPhrases = """
    comment
    comments
    no comments
    no comments yet
    comments off
    add comment
    add a comment*
    leave a comment*
    leave a reply*
    leave comment*
    leave your comment*
    post a comment*
    post comment
    write a comment*
    submit comment
    view comments*
    see comments*
    show comments*
    read comments*
    read the comments*
    load comments*
    hide comments*
    comments are closed*
    comments are checked*
    comments (*
    comments on this*
    commenting*
    recent comments
    reader comments*
    listener comments*
    join the discussion*
    join the conversation*
    have your say*
    what do you think*
    let us know in the comments*
    reply
    cancel reply
    discussion
    responses
    your email address will not be published*
    required fields are marked*
    save my name, email*
    notify me of*
    you must be logged in*
    you must log in*
    log in to comment*
    log in to leave*
    log in to reply*
    login to comment*
    sign in to comment*
    sign in to join*
    please log in*
    be the first to comment*
    be the first to*
    loading comments*
    this site uses akismet*
    guestbook
    sign the guestbook*
    your comment
    website
    submit
    # German, French, Spanish, Portuguese, Italian, Dutch, Russian
    kommentare
    kommentar schreiben*
    commentaires
    laisser un commentaire*
    comentarios
    deja un comentario*
    deja una respuesta*
    comentários
    deixe um comentário*
    commenti
    lascia un commento*
    reacties
    комментарии
    комментарии (*
    оставить комментарий*
    """
