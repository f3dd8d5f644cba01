/// English words that carry grammar, and frequent ones that are no names.
enum Grammar {
    static let function = """
        and or but nor so yet if because although though while when whenever where wherever whereas unless until since once than that whether lest \
        not no never to there here also too either neither both only even just how why what which who whom whose as
        """
    static let prepositions = """
        of in on at by for with from to into onto upon about above across after against along amid among amongst around before behind below beneath \
        beside besides between beyond despite down during except inside like near off out outside over past per regarding since through throughout \
        till toward towards under underneath until up via within without amidst alongside concerning
        """
    static let auxiliaries = """
        am is are was were be been being have has had having do does did doing will would shall should can could may might must ought cannot \
        isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't didn't won't wouldn't shouldn't can't couldn't mustn't
        """
    static let pronouns = """
        i you he she it we they me him us them myself yourself himself herself itself ourselves themselves i'm you're he's she's it's we're \
        they're i've you've we've they've i'd you'd he'd she'd we'd they'd i'll you'll he'll she'll we'll they'll mine yours hers ours theirs \
        someone somebody anyone anybody everyone everybody nobody none something anything everything nothing
        """
    static let determiners = """
        a an the this that these those my your his her its our their some any each every all both few many much more most several such another \
        other no what which either neither half enough less fewer certain various
        """
    static let adverbs = """
        also already always again ago almost alone aside away back currently earlier early else eventually ever finally first flatly forward frankly \
        frequently further generally hardly however immediately indeed instead later likely long mainly meanwhile merely mostly nearly never nevertheless now \
        nowadays often once only originally otherwise particularly perhaps personally possibly previously privately probably publicly quickly quietly quite rarely rather really recently \
        repeatedly reportedly rightly roughly sadly seldom separately seriously shortly similarly simply slowly sometimes soon specifically still strongly suddenly \
        then therefore thus today together tomorrow tonight too twice typically unfortunately usually very well widely yesterday yet apparently allegedly \
        clearly certainly importantly jokingly sarcastically softly loudly angrily famously initially subsequently ultimately additionally moreover furthermore overall afterwards afterward
        """
    static let common = """
        about according across actions activity actually add additional after afternoon age aid air all allegations alleged amid among amount analysis another \
        answer any anyone appeal approach area areas army article articles assets attack attacks attention audience average bad bank banks based battle \
        beginning being believe best better between big bigger billions black blue board body book books boy boys breaking bring brown budget build building \
        buildings business businesses buy call calls campaign car care case cases cash cause center central centre chance change changes chapter chief \
        child children choose church cities citizens city civil civilian civilians claim claims class clear climate close coalition college come comes coming \
        comment comments common communities community companies company conclusion concern concerns conditions conflict congratulations considering consider construction contact content \
        continue contract control conversation copyright correction cost costs council countries country county couple course court coverage create credit crews crime crisis critics \
        cultural culture customers cut daily damage data date day days deal dear death deaths debate decision deep defence defense demand demands democratic despite \
        details development did different diplomatic direct disaster discuss distance divers doctors does dog door down dozens drinking drivers due during each east \
        eastern economic economy education effort efforts eight election elections electric emergency employees end energy engineers england entry environment environmental essential events \
        every everybody everyone evidence exactly example exports eyes face facts failure families family far farmers fast fear federal few field fighting figures \
        files film financial find fire fires firefighters first five flood flooding floods follow following food football force forces foreign form former forty four free freedom \
        from front fuel full fully fund funds further future game games gas general get getting give given global go going gold good goods got government \
        governments great green ground groups growing growth guests guide gun had half hall hand hands happy hard have head heading health help her here high higher highlights highway his \
        history hold holding home homes honor hospital hospitals hot hotel hours house households how however huge human humanitarian hundreds idea if image images impact important \
        in including income independent industrial industry inflation information inquiry inside inspectors instead insurance interest international internet interview introduction investigation \
        investigators investment investors involvement iron is issue issues its job jobs join journalists judges just justice keep key kids killing know labor labour lack land language large \
        last late latest law laws lawmakers lawyers lead leaders leading learn leave left legal less let lets letters level life light like line list listen little \
        live lives living local locals long look looking lost lot love low lower made main maintenance major make makes making man management manager many mark market markets \
        mass matter maybe me mean means meanwhile measures media medical meet meeting members men message middle might military million millions mine minister \
        ministers money month months more morning most mother move movement much music my name names narrow nation national nations natural near nearly need neighbours net never \
        new news next nice night nobody none normal north northern nothing notice now nuclear number numbers off offer office officers officials oil old on once one online only open \
        opening opinion opponents opposition options or order other others our out outside over overall own owners page pages paper parents part parties partners parts party past patients \
        pay peace people percent perhaps period permanent personal phone photo photos picture pictures place plan plans play players please plus point police policy political politics \
        poll polls poor popular population position possible post posts power present press pressure previous price prices prime principle prior prison private problem problems process production products \
        profit profits program programme progress project property proposals prosecutors protection protest protesters provided public pull quality quarter question questions quick quiet quite radio rail rain rates rather \
        reaction read readers reading ready real reality recent record records red regional related relations remember repairs repeat repercussions report reporters reports \
        republican rescue rescuers research researchers residents response rest restaurants result results retail return returns review revenue right rising risk river road roads role roughly \
        round rules run running runners safe safety sale sales same save say schools science scientists score sea search season second secret section security see seen senior sense sentence separate series \
        serious service services session set settlement seven several shares share she ships shop shoppers short should show shows side signs similar since single six size skills small smoke social society \
        soldiers some somebody someone something sometimes son soon sorry source sources south southern spending sports spot staff stage standing star start starting state statement states station stay step steps still \
        stock stocks stone stop stories story strategy street strong student students studies study such suddenly summary summer supply support supporters sure surely survey survivors take taken \
        taking talk talks tax taxes teachers team teams tech technology tell ten tens terms test thank thanks that their them then there these they thing things think thirty this those \
        thousands threats three through time times title to today together tomorrow too top total tourism tourists towards town trade trading traffic trains training transport travel treatment \
        trial troops true trust truth try trying turn turning twenty two under understand unemployment union unions united unless unlike until up update updates us users usually value vehicles very via \
        victims victory video view villagers visit visitors voice volunteers vote voters wages wait waiting walk walking want war warm warning was watch water way ways we weak weather website week weekend welcome well \
        west western what whatever when where whether which while white who whoever whole whose why wide wife wild will win wind winners winter with within without witnesses woman women wonder words work \
        workers working world worst would write wrong yeah year years yes yesterday yet you young your youth zero ironically interestingly surprisingly notably luckily hopefully fortunately \
        background casualties displacement evacuations proposals dynamics diplomacy reported photograph caption image sign subscribe newsletter special former acting deputy vice foreign interim incumbent lead junior assistant associate managing executive
        """
    static let past = """
        was were had did went came took got gave made said told knew thought found left felt brought kept held wrote stood heard let meant set met ran paid \
        sat spoke led grew lost fell sent built understood drew broke spent cut rose drove bought wore chose won began saw became struck threw flew sank shot sold caught fought
        """
}
