//! Function words of the languages that are told apart by them: those that mails are written in, and their neighbours.

/// Function words by ISO 639-1 code, and what people write in every other mail to a help desk. A word may stand in several
/// languages: it then counts the less for each.
#[rustfmt::skip]
pub const LISTS: [(&str, &str); 14] = [
    ("en", "about after again and any anymore anyone are as be because been but can can't cannot cheers could dear did \
        didn't do does doesn't don't for from get got has have hello help hey hi how i'd i'm i've if is it its just know \
        lost me my need new no not of on or our phone please regards should since still thank thanks that that's the \
        their them there these they this to up us want was we were what when where which who why will with won't work \
        working would you your yours"),
    ("de", "aber als also am an auch auf aus bei beim bis bitte brauche brauchen bräuchten da damit dank danke dann das dass \
        dem den der des diese dieser dieses doch durch ein eine einem einen einer eines er es euch euer für ganz gehen \
        geht gerne gibt gruß grüezi grüße grüßen guten hab habe haben hallo hat hatte ich ihm ihn ihnen ihr ihre ihrem \
        ihren ihrer im immer isch ist ja jemand jetzt kann kein keine keinen kommt können könnte könnten leider mal mehr \
        mein meine meinem meinen meiner mfg mich mir mit moin muss müssen nach ned net nicht nichts nimmer noch nun nur \
        oder ohne schon sehr sein seit servus sich sie sind so soll um und uns unser unsere unserem unserer viele vielen \
        vom von vor war warum was weil weiß wenn werden wie wieder wir wird wo wurde würde zu zum zur über"),
    ("fi", "ei eikä eikö eivät eli emme en enää ette että hei heippa hän ihan ja jo joka jonka jos jotta juuri kai kanssa \
        kiitoksia kiitos koska kuin kuitenkin kun lisäksi me meidän meille meiltä miksi mikä minulla minulle minun minä \
        miten mitä moi moro mukaan mulla mulle mun mutta myös mä niin no nyt ole olemme olen oli olisi olla ollut on \
        onko onkos ovat pitäisi pitää pystyisikö pääse saa saada saako saan saisiko saisinko saisko se sen siihen siinä \
        siis siitä sitten sitä tai tarvitsemme tarvitsen tarvitsisin teidän teiltä terve terveiset terveisin tuo tämä \
        tämän tässä tätä uuden uusi vaan vai vaikka vielä voi voiko voimme voin voisiko voisitko voisitteko ystävällisin \
        yt"),
    ("fr", "ai ait au aux avec avez avons bonjour bonsoir c'est car ce ces cet cette chez comme cordialement d'un d'une dans \
        de depuis des dois du elle en est et fait il ils j'ai j'arrive je l'ai la le les leur lui ma mais me merci mes \
        moi mon n'ai n'est ne nos notre nous on ont ou où par pas peut peux plus pour pourriez pouvez qu'il que quel \
        quelle qui rien s'il sa salut sans se serait si son sont suis sur toujours un une veuillez vos votre voudrais \
        vous y à ça était être"),
    ("es", "a al algo alguien aquí así ayer buenas buenos cada como con cuando cómo de del desde después donde días dónde el \
        ella en entrar era es esa ese eso esta estaba este esto estoy está están favor fue gracias ha hace hacer han hay \
        he hola hoy la las le les lo los me mi mis muchas muy nada necesito ni no nos nuestra nuestro nueva nuevo o otra \
        otro para pero podría podrían podéis por porque puede pueden puedo que qué saludo saludos se sea si sido sin \
        sobre solo su sus sí también tarde tardes tenemos tengo tiene todo un una uno usted ustedes y ya yo"),
    ("it", "a abbiamo ad ai al alla altro anche ancora avere avete buona buonasera buongiorno c'è che chi ci ciao come con \
        cordiali cosa cui da dal dalla degli dei del dell' della delle dello di dopo dove e ed era gentile gli grazie ha \
        hanno ho i il in io l'ho la lavoro le lei lo ma mi mia mio ne nei nel nella nessun nessuno niente no noi non \
        nostra nostro nuova nuovo o oggi ogni per perché più po' possiamo posso potete potrebbe prima può quale quando \
        quello questa questo qui quindi saluti salve se senza si sia siamo solo sono sta stato su sul sulla tra tutto un \
        un' una uno vi vorrei vostro è"),
    ("pt", "a agora ainda algum alguém ao aos aqui as até bem boa bom com como comprimentos conseguem consigo cumprimentos \
        da das de depois desde dia do dos e ela ele em entrar era essa esse esta estamos estava este estou está eu favor \
        fazer foi isso isto já lhe lá mais mas me meu meus minha muito na nada nas nem no nos nossa nosso nova novo num \
        numa não o obrigada obrigado oi olá ontem os ou para pela pelo pode podem poderia podia por porque posso \
        precisamos preciso qual quando que quem quero se sem ser seu sua só também tarde tem temos tenho ter tudo um uma \
        vai você vocês vos à é"),
    ("nl", "aan al alleen als alvast ander bedankt ben beste bij daar dag dan dank dat de deze die dit door dus echt een en \
        er even gaat geen goedemiddag goedemorgen graag groet groeten groetjes had hallo heb hebben hebt heeft het hier \
        hoe hoi ik in is ja jullie kan kon kunnen kunt maar me meer met mij mijn mn moet moeten mvg na naar niet niets \
        nieuw nieuwe niks nodig nog nu of om onder ons onze ook op over sinds staat steeds te toch tot u uit uw van \
        vanaf veel voor vraag vriendelijke waar wat we weer wel welke werkt wie wij wil willen worden wordt zelf zich \
        zijn zo zonder zou"),
    ("sv", "alla allt annan att av bara behöver blev bli blir borde bort de dem den det detta där då efter eller en er era \
        ett fick finns från fungerar få får fått för före ge går gör göra ha hade han har hej hejsan hjälp hjälpa hos \
        hur hälsning hälsningar här i igen in inga ingen inget inte ja jag kan kanske kolla kom kommer kunna kvar lite \
        logga låg man med mejl mejla men mer mig min mina mitt mot mvh mycket måste ni nu ny nya nytt när någon något \
        några och oss på sa sedan sen ser sig sin ska skicka skulle snälla som så tack till tills under ut utan vad var \
        vara varit vart vem vet vi vid vilken vill väldigt vänliga vår våra vårt än är även åt över"),
    ("da", "adgang af alle alt altid anden andre at bare bedes bl.a blev blevet bliver brug bruge da de dem den der det \
        dette dig din dit du efter ej eller en er et fik for fordi fra få fået får gerne godt går gør ha han har havde \
        hej her hilsen hjælp hjælpe hos hvad hver hvis hvor hvordan hvornår i igen ikke ind ingen intet ja jeg jer jeres \
        kan kom kommer kun kunne kære lave lige logge man mange mangler med meget men mere mht mig min mine mit mod \
        morgen mvh må ned nej nogen noget nogle nok nu ny nye nyt når og også om op os på sagt selv ser siden sig sige \
        skal skulle som stadig stå så tak til tilbage tror ud uden under var ved venlig vi vil ville virker vores være \
        været"),
    ("no", "alle alt andre annen at av bare ble bli blir blitt bruke bør da de deg dem den der dere deres det dette din du \
        eg eller en enn er et etter fikk for fordi fra fungerer få får fått før gikk gjerne gjør gjøre godt går ha hadde \
        han har hei her hilsen hjelp hjelpe hos hva hver hvis hvor hvordan i igjen ikke ikkje ingen inn ja jeg kan kjære \
        kom kommer kontoen kun kunne lage litt logge man mangler med meg meget men mer min mine mitt mot mvh mye må nei \
        noe noen nok ny nye nytt nå når og også om opp oss på selv sender ser siden sin sitt skal skulle som står så \
        takk til tilbake ut uten var ved vennlig vi vil ville virker vår våre være vært"),
    ("pl", "aby albo ale bardzo bez bo być był była było chciałabym chciałbym chcę ci co cześć czy dla dlatego do dobry dwa \
        dzień dzięki dziękuję go hasło i ich ja jak jaki jako jest jestem jeszcze jeśli już każdy kiedy konta kto ktoś \
        która które który ma mam mamy mi mnie mogę moja moje może możecie można my mój na nam nas nasz nasza nasze \
        naszego naszej nic nie nim nowe nowy o od on oraz pan pani państwa państwo po pod pomoc potrzebuję pozdrawiam \
        pozdrowienia prosimy proszę przed przez przy się skąd sprawie są ta tak także tam te tego tej ten teraz to tu \
        tylko tym u uprzejmie w we wiem witam więc wszystko z za ze zł że żeby"),
    ("cs", "a aby ahoj ale ani asi bez bude by byl byla bylo být chci chtěl chtěla co další den dnes do dobrý díky děkuji \
        hezký ho i jak jako je jeho jen jestli ještě jinak již jsem jsme jsou já k kde kdo kdy když ke která které který \
        mi mne moc mohu my má mám máme mít mě můj může můžete můžu na naše naší nebo nefunguje nemám nemůžu není než ni \
        nic nám náš nějak o od on pak po pod podle pokud potřebujeme potřebuji potřebuju pozdravem pro prosím před přes \
        při s se si stále svůj ta tak taky také tam tedy ten to tohle toho tu u už v ve vy vám vás váš však vše z za \
        zase zdravím ze člověk že"),
    ("tr", "acaba ama artık aynı bana bir biri biz bizim bu da daha de değil diye ediyorum en gibi giremiyorum günler hala \
        hesabım hesap ile ise istiyorum iyi için kadar ki kolay lütfen merhaba merhabalar mi misiniz mu musunuz mü \
        müsünüz mı mısınız nasıl ne olan olarak oldu olur rica sadece saygılar selam selamlar size sizin sonra teşekkür \
        teşekkürler tüm var ve veya ya yardım yeni yok çalışmıyor çok şey şifre şifremi şu"),
];
