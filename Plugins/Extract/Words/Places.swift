/// Names of places, the adjectives they give, and the nouns that end their names. Names of several words are phrases.
enum Places {
    /// Short forms of American states, as they stand behind a town and a comma.
    static let stateAbbreviations = [
        "ala", "ariz", "ark", "calif", "colo", "conn", "del", "fla", "ga", "ill", "ind", "kan", "ky", "la", "md", "mass", "mich",
        "minn", "miss", "mo", "mont",
        "neb", "nev", "okla", "ore", "pa", "tenn", "tex", "va", "vt", "wash", "wis", "wyo", "n.j.", "n.y.", "n.h.", "n.c.",
        "s.c.", "n.m.", "r.i.", "d.c.",
    ]

    static let countries = """
        afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan bahamas bahrain bangladesh barbados belarus belgium belize benin \
        bhutan bolivia bosnia botswana brazil brunei bulgaria burundi cambodia cameroon canada chad chile china colombia comoros congo croatia \
        cuba cyprus czechia czechoslovakia denmark djibouti dominica ecuador egypt eritrea estonia eswatini ethiopia fiji finland france gabon gambia georgia germany \
        ghana greece greenland grenada guatemala guinea guyana haiti herzegovina honduras hungary iceland india indonesia iran iraq ireland israel italy jamaica japan jordan kazakhstan \
        kenya kiribati kosovo kuwait kyrgyzstan laos latvia lebanon lesotho liberia libya liechtenstein lithuania luxembourg macedonia madagascar malawi malaysia \
        maldives mali malta mauritania mauritius mexico micronesia moldova monaco mongolia montenegro morocco mozambique myanmar burma namibia nauru nepal netherlands \
        nicaragua niger nigeria norway oman pakistan palau palestine panama paraguay peru philippines poland portugal qatar romania russia rwanda samoa senegal serbia \
        seychelles singapore slovakia slovenia somalia spain sudan suriname sweden switzerland syria taiwan tajikistan tanzania thailand togo tonga tunisia turkey t\u{FC}rkiye turkmenistan \
        tuvalu uganda ukraine uruguay uzbekistan vanuatu venezuela vietnam yemen zambia zimbabwe yugoslavia zaire u.s. us u.s.a. usa uk u.k. uae u.a.e. america britain england scotland wales \
        holland ussr u.s.s.r.
        """
    static let cities = """
        aberdeen abidjan abuja accra adelaide aleppo alexandria algiers amman amsterdam anchorage ankara antwerp asuncion athens atlanta auckland austin baghdad bakhmut baku baltimore bamako \
        bangalore bangkok barcelona basel basra beijing beirut belfast belgrade berlin bern bilbao birmingham bogota bogot\u{E1} bologna bombay bonn bordeaux boston brasilia bratislava bremen brisbane bristol brooklyn \
        brussels bucharest budapest buffalo cairo calcutta calgary canberra caracas cardiff casablanca charlotte chennai chicago cincinnati cleveland cologne colombo copenhagen \
        dakar dallas damascus darfur delhi denver detroit dhaka doha donetsk dortmund dresden dubai dublin durban durham dusseldorf edinburgh essen falluja fallujah florence frankfurt geneva genoa \
        glasgow gothenburg grozny guadalajara guangzhou hague hamburg hanoi harare havana hebron helsinki hiroshima homs honolulu houston hyderabad indianapolis islamabad istanbul jakarta jerusalem jerusalem \
        johannesburg kabul kandahar karachi kathmandu khartoum kharkiv kherson kiev kigali kingston kinshasa kolkata krakow kursk kyiv kyoto lagos lahore leeds leipzig lima lisbon liverpool ljubljana london luanda lviv lyon \
        madrid malaga managua manchester manhattan manila maputo mariupol marrakesh marseille mecca medina melbourne memphis miami milan milwaukee minneapolis minsk mogadishu monterrey \
        montevideo montreal moscow mosul mumbai munich nagasaki nairobi naples nashville newcastle nice nicosia nottingham novosibirsk nuremberg oakland odesa odessa osaka oslo ottawa oxford palermo paris \
        perth philadelphia phoenix pittsburgh plymouth portland porto prague pretoria pyongyang quebec quito rabat ramallah rangoon raqqa reykjavik riga rio riyadh rome rotterdam sacramento salzburg sanaa santiago \
        sapporo sarajevo seattle seoul seville shanghai sheffield shenzhen sochi sofia southampton stalingrad stockholm strasbourg stuttgart sydney taipei tallinn tampa tashkent tbilisi tehran tikrit tirana tokyo \
        toronto toulouse trieste tripoli tunis turin ulster valencia vancouver venice verona vienna vilnius vladivostok volgograd warsaw washington wellington windhoek winnipeg wuhan yerevan yokohama \
        zagreb zaporizhzhia zurich z\u{FC}rich nyc l.a. d.c. cheyenne orlando denver omaha tulsa toledo dayton albany syracuse rochester hartford reno tucson albuquerque
        """
    static let regions = """
        africa alabama alaska alberta alsace amazonia andalusia antarctica arabia arctic arizona arkansas asia atlantic bahia balkans baltics bavaria bengal britannia brittany burgundy california caribbean \
        catalonia caucasus chechnya colorado connecticut cornwall corsica crete crimea dagestan dakota delaware delta donbas donbass earth eurasia europe flanders florida galicia gaza georgia golan guam hawaii \
        hokkaido idaho illinois indiana iowa jutland kansas kashmir kent kentucky kurdistan lancashire levant louisiana luhansk maine manitoba maryland massachusetts mediterranean michigan \
        minnesota mississippi missouri montana moravia nebraska nevada normandy ohio okinawa oklahoma ontario oregon oceania pacific palestine patagonia pennsylvania prussia \
        punjab quebec sahara sahel saskatchewan saxony scandinavia siberia sicily silesia sinai sumatra sussex tennessee texas tibet transnistria tuscany tyrol utah vermont virginia wisconsin \
        wyoming yorkshire yukon zanzibar himalayas alps andes danube nile rhine thames volga dnipro dnieper euphrates tigris jersey surrey essex norfolk hampshire devon calif. fla. pa.
        """
    static let demonyms = """
        afghan afghans african africans albanian algerian american americans angolan arab arabs argentine argentinian armenian asian asians australian australians austrian austrians azerbaijani \
        bangladeshi basque belarusian belgian belgians bolivian bosnian brazilian brazilians british briton britons bulgarian burmese cambodian canadian canadians catalan chechen chilean chinese \
        colombian congolese croatian cuban cubans cypriot czech danish dutch ecuadorian egyptian egyptians emirati english eritrean estonian ethiopian european europeans filipino finnish french \
        georgian german germans ghanaian greek greeks guatemalan haitian hispanic hispanics honduran hungarian icelandic indian indians indonesian iranian iranians iraqi iraqis irish israeli israelis \
        italian italians jamaican japanese jewish jew jews jordanian kazakh kenyan korean koreans kosovar kurdish kurd kurds kuwaiti kyrgyz lao latin latino latinos latvian lebanese liberian libyan lithuanian macedonian \
        malaysian maltese mexican mexicans moldovan mongolian moroccan muslim muslims nepalese nicaraguan nigerian nigerians norwegian omani pakistani pakistanis palestinian palestinians panamanian \
        paraguayan persian peruvian polish poles portuguese qatari romanian russian russians rwandan saudi saudis scandinavian scottish scots senegalese serb serbs serbian singaporean slovak slovenian \
        somali soviet soviets spanish sudanese swede swedes swedish swiss syrian syrians taiwanese tajik tanzanian thai tibetan tunisian turk turkish turks turkmen ugandan ukrainian ukrainians uruguayan uzbek venezuelan \
        vietnamese welsh western westerners yemeni zambian zimbabwean christian christians catholic catholics protestant protestants sunni shiite shi'ite buddhist hindu islamic islamist islamists \
        democrat democrats republican republicans democratic conservative conservatives liberal liberals nazi nazis communist texan californian bavarian parisian londoner
        """
    static let nouns = """
        airport alley avenue bay beach boulevard bridge camp canal canyon cape castle cathedral cave cemetery city coast county creek dam desert district drive falls farm forest fort garden gardens gate glacier \
        gulf harbor harbour heights highway hill hills house island islands isle isles lake lane mountain mountains mount oblast ocean palace park peninsula plaza point pond port province quay range ranch reef region ridge \
        river road sea shore square station strait straits street strip tower township town trail tunnel valley village volcano wood woods stadium arena temple mosque basin crossing reservoir
        """
    /// Names of several words, one a line; all begin with capitals but for small words.
    static let phrases = """
        saudi arabia|united states|united states of america|united kingdom|united arab emirates|new zealand|new york|new york city|new jersey|new mexico|new hampshire|new orleans|new delhi|new england|\
        new south wales|new guinea|papua new guinea|new haven|new caledonia|south africa|south korea|north korea|south sudan|sri lanka|costa rica|el salvador|puerto rico|dominican republic|czech republic|\
        sierra leone|burkina faso|ivory coast|cape verde|cape town|hong kong|tel aviv|los angeles|san francisco|san diego|san antonio|san jose|san juan|san salvador|santa fe|santa barbara|santa monica|las vegas|el paso|fort worth|\
        salt lake city|kansas city|oklahoma city|mexico city|guatemala city|panama city|vatican city|kuwait city|ho chi minh city|quebec city|st. louis|st. petersburg|st. paul|saint petersburg|north carolina|south carolina|\
        north dakota|south dakota|west virginia|rhode island|washington d.c.|washington , d.c.|buenos aires|rio de janeiro|sao paulo|s\u{E3}o paulo|addis ababa|dar es salaam|kuala lumpur|phnom penh|abu dhabi|abu ghraib|\
        bosnia and herzegovina|bosnia-herzegovina|trinidad and tobago|antigua and barbuda|great britain|northern ireland|west bank|gaza strip|middle east|far east|soviet union|russian federation|european union|european community|\
        eastern europe|western europe|central europe|eastern and central europe|central and eastern europe|southeast asia|central asia|south asia|east asia|latin america|south america|north america|central america|east africa|west africa|north africa|southern africa|\
        sub-saharan africa|east timor|west germany|east germany|east jerusalem|white house|capitol hill|wall street|silicon valley|black sea|red sea|caspian sea|baltic sea|north sea|dead sea|south china sea|persian gulf|\
        suez canal|panama canal|golan heights|ottoman empire|british empire|roman empire|holy roman empire|west midlands|middle west|midwest|british columbia|nova scotia|new brunswick|prince edward island|\
        great barrier reef|long island|staten island|coney island|central park|times square|trafalgar square|tiananmen square|red square|guantanamo bay|pearl harbor|bay area|west coast|east coast|south pole|north pole|\
        antarctic peninsula|korean peninsula|iberian peninsula|crimean peninsula|balkan peninsula|arabian peninsula|the hague|the west|des moines|baton rouge|little rock|long beach|palm beach|virginia beach|mar-a-lago|colorado springs|palo alto|ann arbor|green bay|tora bora|\
        port-au-prince|nagorno-karabakh|khan younis|marshall islands|solomon islands|canary islands|falkland islands|channel islands|faroe islands|virgin islands|cayman islands|sea of japan|sea of azov|bay of bengal|cape cod|cape canaveral|isle of man|horn of africa|gulf of mexico|\
        guinea-bissau|equatorial guinea|central african republic|democratic republic of congo|democratic republic of the congo|republic of congo|republic of ireland|republic of korea|people's republic of china|islamic republic of iran|oval office
        """
}
