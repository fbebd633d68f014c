extension Nicknames {
    /// English given names and their short forms: the PyPI package `nicknames` (github.com/carltonnorthern/nicknames), Apache License 2.0; see NOTICE.
    static let english = """
        aaron:erin,ron,ronnie abel:ab,abe,eb,ebbie abigail:abbe,abbey,abbi,abbie,abby,gail,nabby abraham:ab,abe abram:ab,abe ada:addy,adie
        adaline:ada,addy,adie,delia,dell,lena adela:adie,della adelaide:addy,adele,adie,dell,della,heidi adele:addy,dell adeline:ada,addy,delia,dell,lena
        adena:adina,deena,dena,dina adrian:rian adriane:riane adrienne:addie,enne,rienne agatha:aga,aggy agnes:aggy,inez,nessa aileen:allie,lena alan:al albert:al,bert
        alberta:allie,bert,bertie aldo:al alex:al alexander:al,alec,alex,sandy alexandra:alex,alla,sandra,sandy alexandria:alex,alexander,alla,drina,sandra alexis:alex,lexi
        alfred:al,fred,freddy alfreda:alfy,freda,freddy,frieda alice:allie,elsie,lisa alicia:allie,elsie,lisa aline:adeline alison:ali,allie allan:al,alan,allen
        allen:al,alan,allan allison:ali,allie,ally allyson:ali,allie,ally alonzo:al,lon,lonzo althea:ally alverta:vert,virdie alyssa:al,ally,lissia amanda:manda,mandy
        ambrose:brose amelia:amy,emily,mel,millie amos:moses anastasia:ana,stacy anderson:andy andre:drea andrea:andi,andrew,andy,drea,rea andrew:andy,drew,randy
        angela:angel,angie angelica:angel,angelika,angelique,angie angelina:angel,angie,lina ann:annie,nan anna:ann,anne,annie,nan anne:ann,annie,nan annette:anna,nettie
        annie:ann,anna anthony:ant,tony antoinette:ann,netta,tony antonia:ann,netta,tony antonio:ant,tony ara:arry,belle arielle:arie arlene:arly,lena armanda:mandy
        arminda:mindie arnold:arnie aron:erin,ron,ronnie arthur:art ashley:ash,ashly,leah,lee aubrey:bree audrey:audree,dee august:gus augusta:aggy,gatsy,gussie,tina
        augustina:aggy,gatsy,gussie,tina augustine:august,austin,gus augustus:august,austin,gus aurelia:aurilla,ora,orilla,ree,rilly barbara:bab,babs,barbie,barby,bobbie
        barbie:barbara barney:barnabas bart:bartholomew bea:beatrice beatrice:bea,trisha,trix,trixie belinda:belle,linda bella:arabella,belle,isabella benedict:ben,bennie
        benjamin:ben,benjy,bennie,benny,jamie bernard:barney,berney,bernie,berny bert:bertie,bob,bobby bertha:bert,bertie,birdie bertram:bert bess:bessie
        beth:betsy,betty,elizabeth beverly:bev bill:billy,fred,robert,william,willie billy:fred,robert,william blanche:bea bob:rob,robert bobby:bob,rob brad:bradford,ford
        bradford:brad,ford bradley:brad brady:brody breanna:bree,bri brenda:brandy brian:bryan,bryant brianna:bri bridget:biddie,biddy,bridgie,bridie brittany:britt,brittnie
        brittney:britt,brittnie broderick:brady,brody,rick,ricky,rod bryanna:ana,anna,bri,briana,brianna caitlin:cait,caity caitlyn:cait,caity caleb:cal calista:kissy
        calvin:cal,vin,vinny cameron:cam,ron,ronny camille:cammie,millie candace:candy,dacey carla:carly,karla carlotta:lottie carlton:carl carmelo:melo
        carmon:cammie,carm,charm carol:carolann,carole,caroline,carri,carrie,cassie,kara,kari,lynn carolann:carol,carole caroline:carol,carole,carrie,cassie,lynn
        carolyn:carrie,cassie,lynn carrie:cassie casey:k.c. cassandra:cassie,sandra,sandy cassidy:cass,cassie
        catherine:casey,cassie,cathy,kathy,katy,kay,kit,kittie,lena,trina cathleen:casey,cassie,cathy,kathy,katy,kay,kit,kittie,lena,trina cathy:catherine,cathleen,kathy
        cecilia:celia,cissy cedric:ced,rick,ricky celeste:celia,lessie celinda:linda,lindy,lynn charity:chat charles:carl,charlie,chick,chuck charlie:charles,chuck
        charlotte:char,lotta,lottie,sherry chauncey:chan chelsey:chelsie cheryl:cher chester:chet chet:chester chloe:clo chris:kris christa:chris christian:chris,kit
        christiana:ann,chris,christy,crissy,kris,kristy,tina christina:chris,chrissy,christy,crissy,kris,kristy,tina christine:chris,chrissy,christy,crissy,kris,kristy,tina
        christopher:chris,kit christy:crissy cicely:cilla cinderella:arilla,cindy,rella,rilla cindy:cinderella claire:clair,clara,clare clara:clarissa clare:clara
        clarence:clair,clare clarinda:clara clarissa:cissy,clara claudia:claud clement:clem clementine:clem,clement cliff:clifford clifford:cliff,ford clifton:cliff,tony
        cole:colie columbus:clum conrad:con,conny constance:connie cordelia:cordy,delia corey:coco,cordy,ree corinne:cora,ora cornelia:cornie,corny,nelia,nelle,nelly
        cornelius:con,conny,corny,neil,niel cory:coco,cordy,ree courtney:court,curt crystal:chris,crys,stal,tal curtis:curt cynthia:cindy,cintha cyrus:cy dalton:dahl,dal
        daniel:dan,dann,danny danielle:dani,ellie danny:daniel daphne:daph,daphie darlene:darry,lena david:dave,davey,day deanne:ann,dee debbie:deb,debby,deborah,debra
        debby:deb debora:deb,debbie,debby deborah:deb,debbie,debby debra:deb,debbie deidre:deedee delbert:bert,del delia:cordelia,delius,fidelia delilah:dell,della,lil,lila
        della:adela,adelaide,delilah,dell delores:dee,dell,della,lola,lolly delpha:philadelphia delphine:del,delf,delphi dennis:dennie,denny derek:derrek,rick,ricky
        derick:rick,ricky derrick:eric,rick,ricky diana:di,dicey,didi diane:di,dian,dianne,dicey,didi dick:richard,rick domenic:dom,nic dominic:dom,nic
        dominick:dom,nick,nicky donald:don,donnie,donny,dony donna:dona donovan:don,donnie,donny,dony dorinda:dora,dorothea doris:dora dorothea:doda,dora
        dorothy:dolly,dora,dortha,dot,dottie,dotty dotty:dot douglas:doug drusilla:silla duncan:dunk earnest:ernestine,ernie eddie:ed eddy:ed edgar:ed,eddie,eddy
        edith:edie,edye edmond:ed,eddie,eddy edmund:ed,eddie,eddy,ned,ted edna:edny eduardo:ed,eddie,eddy edward:ed,eddie,eddy,ned,ted,teddy edwin:ed,eddie,eddy,ned,win
        edwina:edwin edyth:edie,edye edythe:edie,edye eileen:helen elaine:helen,lainie elbert:albert,bert eldora:dora eleanor:elaine,ellen,ellie,lanna,lenora,nelly,nora
        elena:helen elias:eli,lee,lias elijah:eli,lige elisa:lisa elisha:eli,lish eliza:elizabeth
        elizabeth:bess,bessie,beth,betsy,betty,eliza,lib,libby,lisa,liz,liza,lizzie,lizzy ella:el,ellen ellen:helen,nell,nellie ellie:elly elmira:ellie,elly,mira elnora:nora
        eloise:heloise,louise elouise:louise elsie:elsey elvira:elvie elwood:woody emanuel:manny,manuel emeline:em,emily,emma,emmy,milly emil:em,emily
        emily:em,emma,emmy,mel,millie emma:em,emmy eric:rick,ricky ernest:ernie ernestine:erna,ernest,teeny,tina erwin:irwin estella:essy,stella estelle:essy,stella
        esther:essie,hester eugene:gene eunice:nicie eva:eve evangeline:ev,evan,vangie evelyn:ev,eve,evelina ezekiel:ez,zeke ezra:ez faith:fay
        fallon:fal,falcon,fall,fallie,fally,falon,lon,lonnie felicia:fel,feli,felix ferdinand:ferdie,fred,freddie,freddy fidelia:delia flora:florence
        florence:flo,flora,flossy floyd:lloyd fran:frannie frances:cissy,fanny,fran,francie,frankie,frannie,franniey,franny,sis francie:francine
        francine:fran,francie,frannie,franniey,franny francis:fran,frank,frankie frankie:francis,frank franklin:fran,frank freda:frieda
        frederica:erica,erika,freddy,frederick,rickey frederick:derick,erick,fred,freddie,freddy,fritz,rick,ricky fredericka:ericka,freda,freddy,frieda,ricka,rickey
        frieda:fred,freddie,freddy gabriel:gabby,gabe gabriella:ella,gabby gabrielle:ella,gabby garrett:barrett,gare,garratt,garret,garry,gary,jerry,rhett
        genevieve:eve,jean,jenny geoffrey:geoff,jeff george:georgie georgiana:georgia georgine:george gerald:gerry,jerry geraldine:dina,gerri,gerrie,gerry,jerry
        gertie:gert,gertrude gertrude:gert,gertie,trudy gilbert:bert,gil,wilber giovanni:gio glenn:glen gloria:glory gregory:gory,greg gretchen:margaret griselda:grissel
        gus:gussie gwen:wendy gwendolyn:gwen,wendy hailey:haylee,hayley hannah:anna,nan,nanny harold:hal,hap,haps,harry harriet:hattie harrison:hap,haps,harry
        harry:hap,haps,harold,henry hayley:hailey,haylee heather:hetty helen:ella,ellen,ellie,lena helena:aileen,eileen,elaine,eleanor,ellen,lena,nell,nellie
        helene:ella,ellen,ellie,lena henrietta:etta,etty,hank,henny,nettie,retta henry:hal,hank,hap,haps,harry herbert:bert,herb herman:dutch,harman
        hester:esther,hessy,hetty hillary:hilary hiram:hy horace:horry hortense:harty,tensey hosea:hosey,hosie howard:hal,howie hubert:bert,hub,hugh ian:john
        india:indie,indy inez:agnes iona:onnie irene:rena irvin:irving irving:irv irwin:erwin isaac:ike,zeke isabel:bell,bella,belle,ib,issy,nib,nibby,tibbie
        isabella:bella,belle,ib,issy,nib,nibby,tibbie isabelle:bella,belle,ib,issy,nib,nibby,tibbie isadora:dora,issy isaiah:zadie,zay iva:ivy ivan:john jackson:jack
        jacob:jaap,jake,jay jacqueline:jack,jackie,jacqui james:jamie,jem,jim,jimmie,jimmy jamey:james,jamie jamie:james jane:janie,jean,jennie,jessie janet:jan,jessie
        janice:jan jasper:casper,jap jayme:jay jean:jane,jeannie jeanette:janet,jean,jessie,nettie jeanne:jane,jeannie jefferey:jeff jefferson:jeff,sonny jeffery:jeff
        jeffrey:geoff,jeff jennifer:jen,jenn,jenni,jennie,jenny jeremiah:jereme,jerry jeremy:jez,jezza jerry:geraldine,geri,gerry,jereme jessica:jess,jessie
        jessie:jane,janet,jess jillian:jill jim:jimmie joan:jo,nonie joann:jo joanna:hannah,jo,joan,jodi,jody joanne:jo jody:jo joe:joey johanna:jo
        john:ian,jack,jock,johnny,jon,jonnie,jonny johnathan:john,johnathon,johny,jon,jonathan,jonathon,jonnie,jonny,nathan
        johnathon:john,johnathan,johny,jon,jonathan,jonathon,jonnie,jonny jon:john,johnny,jonnie,jonny
        jonathan:john,johnathan,johnathon,johny,jon,jonathon,jonnie,jonny,nathan jonathon:john,johnathan,johnathon,johny,jon,jonathan,jonnie,jonny joseph:jody,joe,joey,jos
        josephine:fina,jo,jody,joey,josey,josie joshua:joe,jos,josh josiah:jos joyce:joy juanita:nettie,nita judith:juda,jude,judi,judie,judy judson:jud,sonny judy:judith
        julia:jill,jules,julie julian:jule,jules julie:jule,jules,julia june:junius junior:jr,june,junie justin:justina,juston,justus kaitlin:kait,kaitie kaitlyn:kait,kaitie
        karla:carla,carly kasey:k.c. kate:kay katelin:kate,kay,kaye katelyn:kate,kay,kaye katherine:cassie,cathy,kate,kathy,katy,kay,kaye,kit,kittie,lena,trina
        kathleen:cassie,cathy,kathy,katy,kay,kit,kittie,lena,trina kathryn:kate,kathy,katie katia:kate,katie katy:kate,kathy,katie kayla:kay kelley:kelli,kellie,kelly
        kendall:ken,kenny kendra:kay,kenj,kenji,kenny kendrick:ken,kenny kenneth:ken,kendrick,kenny kenny:ken,kenneth kent:ken,kendrick,kenny kerry:kerri kevin:kev
        kimberley:kim,kimberli,kimberly kimberly:kim,kimberley,kimberli kit:kittie kris:chris kristel:kris kristen:chris kristin:chris
        kristine:chris,christy,crissy,kris,kristy,tina kristofer:chris,kris kristopher:chris,kris kristy:chris kymberly:kym lamont:monty larry:laurence,lawrence
        latisha:tish,tisha laurel:laurie lauren:laurie,ren laurence:larry,lon,lonny,lorne,lorry laurinda:laura,lawrence lauryn:laurie laverne:verna,vernon
        lavina:ina,vina,viney lavinia:ina,vina,viney lavonia:vina,viney,vonnie,wyncha lavonne:von lawrence:larry,lawrie,lon,lonny,lorne,lorry leanne:annie,lea leilani:lani
        lemuel:lem lena:ellen lenora:lee,nora leo:leon leonard:len,lenny,leo,leon,lineau leonora:nell,nellie,nora leonore:elenor,honor,nora leroy:l.r.,lee,roy lesley:les
        leslie:les lester:les letitia:lettice,lettie,tish,titia levi:lee lidia:lyddy lillian:lil,lilly,lolly lilly:lil,lily lincoln:link linda:lindy,lynn
        lindsay:lindsey,lindsie,lindsy lindy:lynn lionel:leon lisa:liz lizzie:liz lois:lou,louise lorelei:laurie,lori,lorrie lorenzo:loren loretta:etta,lorie,lorrie,retta
        lorraine:lorie,lorrie lou:louis,lu louis:lewis,lou,louie,louise louisa:eliza,lois,lou louise:eliza,lois,lou lucas:luke lucia:lucius,lucy lucille:cille,lou,lu,lucy
        lucina:sinah lucinda:cindy,lou,lu,lucy lucretia:creasey lucy:lucinda luella:ella,lu,lula luke:lucas luther:luke lydia:lyddy lyndon:lindy,lynn mabel:amabel,mehitabel
        mac:mc mack:mac,mc mackenzie:kenzy,mac,mack madeline:lena,maddi,maddie,maddy,madge,madie,magda,maggie,maud madelyn:maddy,madie madie:madeline,madelyn
        madison:maddy,mattie magdalena:lena,maggie malcolm:mac,mal,malc malinda:lindy manda:mandy mandie:amanda mandy:amanda manuel:emanuel,manny marcus:marc,mark
        margaret:daisy,gretta,madge,maggie,maggy,marge,margery,margie,margy,meg,midge,peg,peggy,rita
        margaretta:daisy,gretta,madge,maggie,marge,margery,margie,meg,midge,peg,peggy,rita
        margarita:daisy,greta,madge,maggie,maisie,marge,margo,meg,megan,metta,midge,peggie,rita marge:margaret,margaretta,margery margie:marjorie marguerite:peggy
        mariah:maria,mary marian:marianna,marion marie:mae,mary marietta:mae,mamie,maria,mariah,marie,marion,mary,maureen,may,mercy,minnie,mitzi,mollie,molly,polly
        marilyn:mary marion:mary marissa:rissa marjorie:margie,margy marni:marnie marsha:marcia,marcie,mary martha:marty,mat,mattie,patsy,patty martin:marty martina:tina
        martine:tine marvin:marv mary:mae,mamie,marie,mitzi,molly,polly mathew:mat,matt,maty mathilda:patty,tillie matilda:matty,maud,tilla,tilly
        matthew:matt,mattie,matty,thias,thys maud:middy maureen:mary maurice:morey maxine:max maxwell:max may:mae megan:meg meghan:meg melanie:mellie
        melinda:linda,lindy,lynn,mel,mindy melissa:lisa,lissa,mel,milly,missy melody:lodi melvin:mel melvina:vina mercedes:merci,mercy,sadie mervin:merv
        michael:micah,mick,mickey,micky,mike,mikey micheal:mike,mikey,miky michelle:chelle,mickey,shelley,shellie,shelly,shely
        miguel:michael,miggy,miguael,miguaell,miguail,miguaill,miguayl,miguayll,miguell,mike mike:michael,mick,micky mildred:milly millicent:milly,missy minerva:minnie
        minnie:wilhelmina miranda:mandy,mira,randi,randy miriam:mimi,mitzi,mitzie missy:melissa mitch:mitchell mitchell:mitch mitzi:mary,mittie,mitty mitzie:mittie,mitty
        monet:nettie monica:monna,monnie monty:lamont morris:morey moses:amos,mose,moss muriel:mur myrtle:mert,myrt,myrti nadine:deedee,nada nancy:ann,nan,nanny naomi:omi
        napoleon:leon,nap,nappy natalie:natty,nettie natasha:nat,tasha nathan:nat,nate nathaniel:nat,nate,nathan,natty,than nelle:nelly nelson:nels newton:newt
        nicholas:claas,claes,nic,nick,nickie,nicky,nico nicolas:nic,nick,nickie,nicky,nico nicole:cole,nicki,nicky,nikki,nole nikole:nikki nora:nonie norbert:bert,norby
        norman:norm octavia:tave,tavia odell:odo olive:livia,nollie,ollie oliver:ollie olivia:livia,nollie,ollie ollie:oliver orlando:roland otis:ode,ote pamela:pam
        pandora:dora parthenia:parsuny,pasoonie,phenie,teeny patience:pat,patty patricia:pat,patsy,patti,patty,tricia,trish,trisha patrick:paddy,pat,pate,patsy,peter
        patsy:patty patty:patricia paul:polly paula:lina,polly paulina:lina,polly pauline:polly peggy:peg penelope:penny peter:pate,pete philip:phil,pip phillip:phil,pip
        philomena:menaalmena phoebe:fifi priscilla:cilla,cissy,prissy prudence:prudy,prue rachel:rachael,shelly rafaela:rafa ramona:mona randall:randy randolph:dolph,randy
        raphael:ralph ray:raymond raymond:ray reba:becca,beck rebecca:becca,beck,becky,reba reggie:reg,reginald regina:gina,reggie reginald:naldo,reg,reggie,renny
        reuben:rube rhoda:rodie ricardo:rick,ricky rich:dick,rick richard:dick,dickie,dickon,dicky,rich,richie,rick,ricky rick:ricky ricky:dick,rich
        robert:bill,billy,bob,bobby,dob,dobbin,hob,hobkin,rob,robby,rupert roberta:bert,bertie,birdie,birtie,bobbie,robbie,roby roberto:rob roderick:erick,rickie,rod,roddy
        rodger:bobby,hodge,rod,roge,roger rodney:rod roger:bobby,hodge,rod,rodger,roge roland:lanny,orlando,rollo,rolly ron:ronnie,ronny ronald:naldo,ron,ronnie,ronny
        ronny:ronald rosa:rose rosalinda:linda,rosa,rose,roz rosalyn:linda,rosa,rose,roz roscoe:ross rose:rosie roseann:ann,rose,rosie,roz roseanna:ann,rose,rosie,roz
        roseanne:ann rosemary:marie,mary,rose,rosemarie,rosey rosina:sina roxane:rox,roxie roxanna:ann,rose,roxie roxanne:ann,rose,roxie rudolph:dolph,olph,rolf,rudy
        russell:russ,rusty ryan:ry sabrina:brina salome:loomie salvador:sal,sally sam:sammy samantha:mantha,sam,sammy samuel:sam,sammy sandra:cassandra,sandy sandy:sandra
        sanford:sandy sarah:sadie,sally,sara savannah:anna,savanna,vannie scott:sceeter,scottie,scotty,squat sebastian:seb,sebby selma:anselm serena:rena seymour:morey,see
        shaina:sha,shay sharon:sha,shay shaun:shawn shawn:shaun sheila:cecilia sheldon:shelly shelton:shel,shelly,tony sheridan:dan,danny,sher
        sheryl:cheri,cherie,sher,sheri,sherri,sherry,sherryl shirley:lee,sherry,shirl sidney:sid,syd silas:si simon:si,sion solomon:sal,salmon,saul,sol,solly,zolly
        sondra:dre,sonnie sophia:sophie stacey:staci,stacie,stacy stacie:stacey,staci,stacy stacy:staci stephan:steve
        stephanie:annie,steffi,steffie,steph,stephani,stephany,stephie,stephine,stevie stephen:steph,steve steven:steph,steve,stevie stuart:stu sue:susan,susie
        susan:hannah,sue,sukey,susie,suzie susannah:hannah,sue,sukey,susie susie:suzie suzanne:sue,suki,susie sydney:sid sylvester:si,sly,sy,syl,vessie,vester,vet
        tabitha:tabby tammie:tami,tammy tammy:tami,tammie tasha:tash,tashie ted:teddy terence:terry teresa:terry,tess,tessa,tessie terri:teri,terrie,terry terry:terence
        tess:teresa,theresa tessa:teresa,theresa thad:thaddeus thaddeus:thad theo:theodore theodora:dora theodore:ted,teddy,theo
        theresa:terry,tess,tessa,tessie,thirza,thursa,traci,tracie,tracy thomas:thom,tom,tommy tiffany:tiff,tiffy tim:timmy timothy:tim,timmy tina:christina tisha:tish
        tobias:bias,toby tom:thomas,tommy tony:anthony trish:patricia,trisha trudy:gertrude ursula:sula,sulie valentina:felty,val,vallie valentine:felty valeri:val,valerie
        valerie:val vanessa:essa,nessa,vanna veronica:franky,frony,ron,ronie,ronna,ronnie,ronny,vonnie vicki:vickie,vicky,victoria victor:vic
        victoria:tori,torie,torri,torrie,tory,vic,vicki,vickie,vicky vincent:vic,vin,vince,vinnie,vinny vincenzo:vic,vin,vince,vinnie,vinny viola:ola,vi
        virginia:ginger,ginny,jane,jennie,virgy vivian:vi,viv waldo:ossy,ozzy wallace:wally wally:walt walter:wally,walt wendy:wen wesley:wes wilber:bert,will
        wilbur:will,willie,willy wilda:willie wilfred:fred,wil,will,willie wilhelmina:mina,minnie,willie,wilma will:bill,fred,wilbur,willie
        william:bela,bell,bill,billy,wil,will,willie,willy willie:fred,william willis:bill,willy wilma:billiewilhelm,william wilson:will,willie,willy
        winifred:freddie,winnet,winnie winnie:winnifred winnifred:fred,freddie,freddy,winnie,winny woodrow:drew,wood,woody yvonne:vonna
        zachariah:zac,zach,zachy,zack,zak,zakk,zeke zachary:zac,zach,zachy,zack,zak,zakk,zeke zachery:zac,zach,zachy,zack,zak,zakk,zeke zack:zach,zak
        """
}
