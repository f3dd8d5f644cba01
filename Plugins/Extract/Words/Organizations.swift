/// Names of organisations, the nouns that make such names, and the nouns that make names of events.
enum Organizations {
    static let names = """
        nato un u.n. eu e.u. fbi cia nsa irs fda epa cdc nih nasa nhs opec imf who wto unesco unicef unhcr oecd osce interpol europol g7 g8 g20 fifa uefa ioc nba nfl nhl mlb ncaa gop dnc rnc aclu naacp \
        bbc cnn abc cbs nbc msnbc npr pbs reuters bloomberg breitbart politico afp ap upi tass xinhua hamas hezbollah isis isil taliban mossad kremlin pentagon congress senate parliament kgb fsb gru mi5 mi6 plo ira eta pkk fsa ypg \
        google facebook twitter microsoft apple amazon ibm intel boeing airbus toyota honda nissan sony samsung siemens volkswagen bmw gazprom rosneft exxon chevron shell bp walmart nestle pfizer novartis bayer tesla \
        netflix uber alibaba huawei tencent nvidia oracle cisco verizon comcast disney pepsi nike adidas ikea lufthansa hsbc barclays citigroup citibank goldman jpmorgan ubs credit-suisse mcdonald's unilever \
        bundestag knesset duma interfax telegraph guardian newsweek fox wikileaks greenpeace amnesty oxfam sinn labour labor tories tory likud fatah farc asean mercosur cisa dhs doj fema fcc sec nypd lapd icc icj iaea wfp msf mercedes \
        ferrari mclaren arsenal chelsea everton juventus inter ajax benfica
        """
    static let nouns = """
        academy administration agency airlines airways alliance army association assembly associates authority bank bancorp battalion board brigade brothers bureau cabinet center centre chamber church clinic club coalition college commission committee \
        communications company companies congress conservatory consortium consulate conference confederation corp corporation corps council court department division embassy enterprises exchange \
        federation festival fleet force forces foundation front fund gallery gazette group guard guards guild herald holdings hospital hydro inc industries initiative institute institution insurance international investments journal \
        laboratories laboratory laboratories league library ltd llc plc gmbh sa ag nv ledger lantern inquirer examiner dispatch mercury argus echo magazine ministry mission monitor motors movement museum nations navy network networks news newspaper office ombudsman orchestra organisation organization observatory \
        parliament party partners partnership petroleum pharmaceuticals police polytechnic post press project radio records reform regiment relief rescue review rovers school seminary senate service services society steel stores studio studios \
        supreme syndicate systems team technologies technology telecom television theater theatre times today tribunal trust union united university airline electric energy oil gas power broadcasting bulletin courier chronicle tribune commons lords tech athletic wanderers \
        city-council rangers squad treasury unit workers traders entertainment media pictures productions bancshares savings securities co
        """
    static let eventNouns = """
        war wars battle siege revolution uprising rebellion olympics championship championships cup games marathon grand-prix prix summit conference convention congress treaty accord accords agreement protocol pact \
        election elections referendum festival fair expo exhibition operation hurricane earthquake tsunami massacre genocide holocaust crisis riots protests open tournament trophy series bowl derby \
        inquiry incident scandal campaign offensive intifada coup spring awards parade day christmas ramadan caucus caucuses primary primaries debate
        """
    /// Names of several words.
    static let phrases = """
        united nations|security council|european commission|european parliament|european central bank|federal reserve|world bank|world health organization|world trade organization|red cross|red crescent|red army|\
        new york times|the new york times|washington post|the washington post|wall street journal|the wall street journal|los angeles times|financial times|the guardian|associated press|the associated press|fox news|sky news|al jazeera|al qaeda|al-qaeda|al qaida|\
        islamic state|supreme court|high court|justice department|state department|defense department|treasury department|homeland security|secret service|coast guard|national guard|air force|royal navy|royal air force|\
        house of representatives|house of commons|house of lords|house republicans|house democrats|scotland yard|downing street|goldman sachs|morgan stanley|general motors|general electric|deutsche bank|manchester united|manchester city|real madrid|inter milan|\
        democratic party|republican party|labour party|conservative party|green party|libertarian party|tea party|communist party|planned parenthood|black lives matter|human rights watch|amnesty international|doctors without borders|truth social|boko haram|muslim brotherhood|\
        the atlantic|the hill|daily mail|daily beast|huffington post|the huffington post|associated press writer|hong kong stock exchange|free syrian army|revolutionary guard|revolutionary guards|european union|trump administration|obama administration|bush administration|biden administration|meet the press|supreme soviet
        """
    static let eventPhrases = """
        world war i|world war ii|world war|first world war|second world war|cold war|civil war|gulf war|vietnam war|korean war|world cup|super bowl|olympic games|winter olympics|summer olympics|world series|french revolution|\
        russian revolution|american revolution|industrial revolution|arab spring|new deal|great depression|black friday|grand prix|french open|us open|u.s. open|australian open|davis cup|ryder cup|asian cup|six nations|premier league|champions league
        """
}
