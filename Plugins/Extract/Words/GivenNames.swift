/// Given names in use around the world, by the pronoun that mostly refers to their bearers.
enum GivenNames {
    static let male = """
        aaron abdul abdullah abraham adam adrian ahmad ahmed alan albert alejandro aleksandr aleksei alex alexander alexei alfred ali allan allen \
        alvin amir anatoly anders andre andreas andrei andrew andrey andriy andy angelo anthony anton antonio antony antti arnold arthur arturo ashraf \
        asif barack barry bashar bart ben benedikt benjamin benny bernard bernd bernie bert bertrand bill billy bob bobby boris bram brad bradley \
        brandon brendan brent brett brian bruce bruno bryan calvin carl carlo carlos casey cesar charles charlie chester chris christian christoph christopher \
        chuck clarence claude claudio clay clayton clemens cliff clifford clint clive colin conor corey craig curt curtis cyril damian dan \
        daniel danny darren dave david dean denis dennis derek dick didier diego dietrich dimitri dirk dmitri dmitriy dmitry dmytro dominic don donald \
        douglas duncan dustin dwight earl ed eddie edgar edmund eduardo edward edwin eli elias elijah emanuel emil emmanuel enrique eric erich erik ernest \
        ernesto erwin ethan eugene evan fabio felipe felix ferdinand fernando floyd francesco francis francisco francois franco frank franklin franz fred \
        frederick fredrik friedrich fyodor gabriel garry gary gavin gennady geoff geoffrey george georges georgi gerald gerard gerhard gerry giancarlo gilbert \
        gilles giorgio giovanni giuseppe glen glenn gordon graeme graham grant greg gregory grigory guido guillermo gunther gustav guy hamid hamza hans harold \
        harry harvey hasan hassan hector heinrich heinz helmut henri henrik henry herbert herman hermann hiroshi horst howard hugh hugo hussein ian ibrahim \
        igor ignacio ilya imran ingo ismail ivan ivor jack jackson jacob jacques jaime jakob jake jamal james jamie jan janez jared jason javier jay jean \
        jeff jeffrey jens jeremy jerome jerry jesse jesus jim jimmy joachim joao joaquin joe joel joerg johan johann johannes john johnny jon jonas jonathan \
        jordan jorge jose josef joseph josh joshua juan julian jurgen justin kai karim karl kaspar keir keith kelvin ken kenneth kenny kent kevin khalid \
        kim kirk klaus konrad konstantin kurt kyle lance larry lars laurence laurent lawrence lee leo leon leonard leonid leroy leslie lester lewis liam \
        lionel lloyd lorenzo lou louis luca lucas ludwig luigi luis luiz lukas luke mahmoud manfred manuel marc marcel marcello marco marcos marcus mario mariusz \
        mark marko markus marshall martin marvin massimo mathias mathieu matt matteo matthew matthias maurice mauricio maurizio max maxim maxime mehmet \
        mel melvin michael michel miguel mikael mike mikhail milan miles milos milton miroslav mitch mohamed mohammad mohammed morgan morris muhammad mustafa \
        nathan nathaniel neal ned neil nelson nicholas nick nicolas niels nigel nikita niklas nikolai nikolas nils noah noel norman oleg oleksandr oleksiy oliver olivier \
        omar orlando oscar oskar osama otto owen pablo paolo pascal pat patrice patrick paul paulo pavel pedro percy pete peter petr petro phil philip philippe \
        phillip pierre pietro piotr prince rafael rafik ralph ramon randall randy raphael rashid raul ravi ray raymond reginald reinhard rene rex ricardo \
        richard rick ricky rob robert roberto robin rod roderick rodney rodrigo roger roland rolf romain roman ron ronald ronnie ross roy ruben rudolf \
        rudy rupert russell ryan sadiq saeed salim salman sam sami samuel saul scott sean sebastian serge sergei sergey sergio seth shane shaun shawn shimon \
        sidney sigmund silvio simon stanislav stanley stefan stefano stephane stephen steve steven stewart stuart sven syed sylvester tadeusz takeshi tariq ted \
        terrence terry theo theodore thierry thomas tim timo timothy tobias todd tom tomas tommy tony travis trevor troy tyler ulrich umar uwe valentin valery \
        vaclav vernon victor viktor vince vincent vincenzo vitaly vitali vladimir vladislav vlad volker volodymyr wade wallace walter warren wayne wendell werner \
        wil wilfried wilhelm willem william willie willy winston wolfgang xavier yasser yevgeny yoshi yuri yusuf yves zbigniew zoran tariq rasmus rosk joren edvin \
        lemuel fran\u{E7}ois jos\u{E9} jes\u{FA}s andr\u{E9} ren\u{E9} j\u{FC}rgen j\u{F6}rg g\u{FC}nther bj\u{F6}rn s\u{F8}ren ra\u{FA}l mart\u{ED}n v\u{E1}clav \
        marwan moshe benny yitzhak ehud ariel avi elon jerzy lech donnie mitt newt rand ted rahm rudy barney harrison
        """
    static let female = """
        abigail ada adele adriana agna agnes aisha alena alexandra alexis alice alicia alina alison allison amanda amber amelia amina amy ana anastasia andrea angela \
        angelina angie anita ann anna anne annelie annette annie antonia april ariana ashley astrid audrey aung ava ayesha barbara beatrice beatriz becky belinda \
        berta bertha beth betty beverly birgit bonnie brenda bridget brigitte britta brooke camilla candice carla carmen carol carole carolina caroline \
        carolyn carrie caterina catherine cathy cecilia celia chantal charlotte chelsea cheryl chiara christina christine cindy claire clara claudia \
        colleen condoleezza connie constance cora corinne cristina crystal cynthia dace daisy dana daniela danielle daphne dawn debbie deborah debra delia denise \
        diana diane dolores donna dora doris dorothy edith eileen elaine elena eleanor elisa elisabeth elise eliza elizabeth ella ellen elsa emilia \
        emily emma erica erika erin esther eva evelyn faith fatima fatma fiona flora florence frances francesca francine frida gabriela gabrielle gail \
        gemma georgia geraldine germaine gina giorgia gisela giulia gladys gloria grace greta gretchen gudrun gwen haley hannah harriet hazel heather heidi helen \
        helena helene helga henrietta hilary hilda hillary holly ida ilona ilse imelda ingrid irena irene irina iris isabel isabella ivanka ivy jacqueline jana jane \
        janet janice jasmine jean jeanne jen jenna jennifer jenny jessica jill joan joanna joanne jodie johanna josephine joy joyce juanita judith judy julia \
        juliana julie juliet june juno justine kaja karen karin karina kate katharina katherine kathleen kathryn kathy katie katrin katya kayla kelly kerry \
        kimberly kirsten kristen kristin kristina lara laura lauren laurie layla lea leah leila lena leonie lesley leslie leticia lilian lillian lily linda lisa \
        liz loretta lori lorraine lotte louise lucia lucy luisa lydia lynn mabel mackenzie madeleine madeline magdalena malala mandy margaret margarita margot \
        maria mariam marian marianne marie marilyn marina marion marissa marit marjorie marlene marta martha martina mary maryam matilda maureen maxine maya \
        megan mel melania melanie melinda melissa mercedes meredith mia michaela michele michelle mildred miranda miriam moira mona monica monika muriel myra nadia nadine \
        nancy naomi natalia natalie natasha nella nicola nicole nikki nina nora noreen norma octavia olga olive olivia oksana orla paige pamela patricia patty paula \
        pauline pearl peggy penelope penny petra phoebe phyllis polly priscilla rachel ramona rebecca regina renate renee rhonda rita roberta robin rosa \
        rosalind rosario rose rosemary roxanne ruth sabine sabrina sally samantha sandra sara sarah selma serena shannon sharon sheila shelley sherry shirley \
        sigrid silva silvia simone sofia sonia sonja sophia sophie stacy stella stephanie sue summer susan susana susanna susanne suzanne svetlana sybil sylvia tamara \
        tania tanya tara tatiana teresa tess thelma theresa therese tiffany tina tracy tricia trudy ulla ursula valentina valerie vanessa vera veronica vesna vicki \
        victoria viola violet virginia viviane vivian wanda wendy whitney wilma winifred yasmin yolanda ysolde yulia yvette yvonne zara zoe zainab z\u{FC}beyde kellyanne huma kamala nikki
        """
    /// Small words inside personal names.
    static let particles = "al bin bint ibn abu van von der den de del della di da dos du la le el ben ter ten af zu y"
}
