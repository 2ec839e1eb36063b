//! The same stories told by a German and by a Finnish customer of a desk that speaks their language, and the registration
//! by customers of all other languages: every mail that anybody gets, as its reader sees it.

use caseway::desk::directory::AccountState;
use caseway::desk::id::TicketId;
use caseway::desk::inbound::page::PortalEvent;
use caseway::mail::language::Language;
use jiff::SignedDuration;
use secrecy::SecretString;

use super::*;
use crate::harness::browser::set_password;

const EMAIL: &str = "anna@customer.test";

/// What a customer writes.
struct Customer {
    language: Language,
    registration: &'static str,
    account: &'static str,
    greeting: &'static str,
    not_received: &'static str,
    password: &'static str,
    second_factor: &'static str,
    device_at_hand: &'static str,
    device_lost: &'static str,
    other_administrator: &'static str,
    no_administrator: &'static str,
    identity: &'static str,
    sign_in: &'static str,
    not_helped: &'static str,
}

const GERMAN: Customer = Customer {
    language: Language::De,
    registration: "Guten Tag,\n\nbitte richten Sie mir einen Zugang zu Ihrem Portal ein.\n\nVorname: Anna\nNachname: Schmidt\nE-Mail: anna@customer.test\n\nViele Grüße\nAnna Schmidt",
    account: "Guten Tag,\n\nunsere Konto-ID: AC-1001\n\nViele Grüße\nAnna Schmidt",
    greeting: "Hallo!",
    not_received: "Guten Tag, der Link funktioniert nicht.",
    password: "Guten Tag,\n\nich habe leider mein Passwort vergessen und brauche ein neues.\n\nE-Mail: anna@customer.test\n\nViele Grüße\nAnna Schmidt",
    second_factor: "Guten Tag,\n\nich habe ein neues Telefon. Könnten Sie bitte meinen zweiten Faktor zurücksetzen?\n\nE-Mail: anna@customer.test\n\nViele Grüße\nAnna Schmidt",
    device_at_hand: "Altes Gerät zur Hand: ja",
    device_lost: "Altes Gerät zur Hand: nein",
    other_administrator: "Weiterer Administrator: ja",
    no_administrator: "Weiterer Administrator: nein",
    identity: "Konto-ID: AC-1001\nGrund: Das Telefon liegt auf dem Grund des Sees\nWer bürgt: Bea Boss, Leiterin der IT",
    sign_in: "Guten Tag,\n\nseit heute Morgen kann ich mich nicht mehr am Portal anmelden, es heißt nur: kann mich nicht anmelden.\n\nE-Mail: anna@customer.test\n\nViele Grüße\nAnna Schmidt",
    not_helped: "Das habe ich alles versucht, es geht leider immer noch nicht.",
};

const FINNISH: Customer = Customer {
    language: Language::Fi,
    registration: "Hei,\n\ntarvitsisin tunnuksen teidän portaaliinne.\n\nEtunimi: Anna\nSukunimi: Schmidt\nSähköposti: anna@customer.test\n\nTerveisin\nAnna Schmidt",
    account: "Hei,\n\nasiakastilimme on tämä.\n\nTilin tunnus: AC-1001\n\nTerveisin\nAnna Schmidt",
    greeting: "Moi!",
    not_received: "Hei, linkki ei toimi.",
    password: "Hei,\n\nsalasana unohtui, ja tarvitsisin uuden.\n\nSähköposti: anna@customer.test\n\nTerveisin\nAnna Schmidt",
    second_factor: "Hei,\n\nsain uuden puhelimen, ja kaksivaiheinen tunnistus pitäisi nollata.\n\nSähköposti: anna@customer.test\n\nTerveisin\nAnna Schmidt",
    device_at_hand: "Vanha laite käytettävissä: kyllä",
    device_lost: "Vanha laite käytettävissä: ei",
    other_administrator: "Toinen pääkäyttäjä: kyllä",
    no_administrator: "Toinen pääkäyttäjä: ei",
    identity: "Tilin tunnus: AC-1001\nSyy: Puhelin putosi järveen\nKuka takaa: Bea Boss, tietohallinnon johtaja",
    sign_in: "Hei,\n\naamusta lähtien en pysty kirjautumaan portaaliin.\n\nSähköposti: anna@customer.test\n\nTerveisin\nAnna Schmidt",
    not_helped: "Kokeilin kaikkea tätä, mutta se ei vieläkään onnistu.",
};

/// What a customer writes who tells the registration only.
macro_rules! registering {
    ($($name:ident $language:ident: $registration:literal, $account:literal, $greeting:literal, $not_received:literal;)*) => {
        $(const $name: Customer = Customer {
            language: Language::$language,
            registration: $registration,
            account: $account,
            greeting: $greeting,
            not_received: $not_received,
            ..GERMAN
        };)*
    };
}

registering! {
    SWEDISH Sv:
        "Hej,\n\njag skulle behöva ett konto i er kundportal.\n\nFörnamn: Anna\nEfternamn: Schmidt\nE-postadress: anna@customer.test\n\nVänliga hälsningar\nAnna Schmidt",
        "Hej,\n\nvårt kontonummer hittar du här.\n\nKonto-ID: AC-1001\n\nVänliga hälsningar\nAnna Schmidt",
        "Hej igen!",
        "Hej, länken fungerar inte.";
    DANISH Da:
        "Hej,\n\njeg vil gerne have en konto til jeres kundeportal.\n\nFornavn: Anna\nEfternavn: Schmidt\nE-mailadresse: anna@customer.test\n\nVenlig hilsen\nAnna Schmidt",
        "Hej,\n\nher er vores kontonummer, som I bad om.\n\nKonto-id: AC-1001\n\nVenlig hilsen\nAnna Schmidt",
        "Hej igen!",
        "Hej, linket virker ikke.";
    DUTCH Nl:
        "Goedemorgen,\n\nik wil graag een account voor uw klantenportaal.\n\nVoornaam: Anna\nAchternaam: Schmidt\nE-mailadres: anna@customer.test\n\nMet vriendelijke groet\nAnna Schmidt",
        "Goedemorgen,\n\nhier is het nummer van ons account.\n\nAccount-ID: AC-1001\n\nMet vriendelijke groet\nAnna Schmidt",
        "Hallo!",
        "Goedemorgen, de link werkt niet.";
    FRENCH Fr:
        "Bonjour,\n\nje souhaiterais avoir un accès à votre portail client.\n\nPrénom : Anna\nNom : Schmidt\nAdresse e-mail : anna@customer.test\n\nCordialement\nAnna Schmidt",
        "Bonjour,\n\nvoici le numéro de notre compte.\n\nIdentifiant de compte : AC-1001\n\nCordialement\nAnna Schmidt",
        "Bonjour !",
        "Bonjour, le lien ne fonctionne pas.";
    SPANISH Es:
        "Hola:\n\nquisiera tener una cuenta para entrar en su portal de clientes.\n\nNombre: Anna\nApellidos: Schmidt\nCorreo electrónico: anna@customer.test\n\nSaludos cordiales\nAnna Schmidt",
        "Hola:\n\naquí tienen el número de nuestra cuenta.\n\nID de cuenta: AC-1001\n\nSaludos cordiales\nAnna Schmidt",
        "¡Hola!",
        "Hola, el enlace no funciona.";
    ITALIAN It:
        "Buongiorno,\n\nvorrei avere un account per il vostro portale clienti.\n\nNome: Anna\nCognome: Schmidt\nIndirizzo e-mail: anna@customer.test\n\nCordiali saluti\nAnna Schmidt",
        "Buongiorno,\n\necco il numero del nostro account.\n\nID account: AC-1001\n\nCordiali saluti\nAnna Schmidt",
        "Buongiorno!",
        "Buongiorno, il link non funziona.";
    PORTUGUESE Pt:
        "Bom dia,\n\ngostaria de ter uma conta para o vosso portal de clientes.\n\nNome próprio: Anna\nApelido: Schmidt\nEndereço de e-mail: anna@customer.test\n\nCom os melhores cumprimentos\nAnna Schmidt",
        "Bom dia,\n\naqui está o número da nossa conta.\n\nID da conta: AC-1001\n\nCom os melhores cumprimentos\nAnna Schmidt",
        "Olá!",
        "Bom dia, o link não funciona.";
    POLISH Pl:
        "Dzień dobry,\n\nproszę o utworzenie dla mnie konta w portalu klienta.\n\nImię: Anna\nNazwisko: Schmidt\nAdres e-mail: anna@customer.test\n\nPozdrawiam\nAnna Schmidt",
        "Dzień dobry,\n\nprzesyłam numer naszego konta.\n\nIdentyfikator konta: AC-1001\n\nPozdrawiam\nAnna Schmidt",
        "Dzień dobry!",
        "Dzień dobry, link nie działa.";
    JAPANESE Ja:
        "お世話になっております。\nカスタマーポータルのアカウントを作成していただけますでしょうか。\n\n名：Anna\n姓：Schmidt\nメールアドレス：anna@customer.test\n\nよろしくお願いいたします。\nAnna Schmidt",
        "お世話になっております。\n契約番号をお知らせします。\n\nアカウントID：AC-1001\n\nよろしくお願いいたします。\nAnna Schmidt",
        "お世話になっております。",
        "リンクのメールが届いていません。";
}

/// A desk of this customer's language, and all mails that it sent.
struct Story {
    world: World,
    customer: &'static Customer,
    mails: u32,
    told: String,
}

impl Story {
    async fn begin(customer: &'static Customer) -> Self {
        let world = desk_with(|config| config.desk.default_language = customer.language).await;
        Self { world, customer, mails: 0, told: String::new() }
    }

    /// The mails since the last call, which are told.
    async fn sent(&mut self) -> Vec<Sent> {
        let sent = self.world.sent().await;
        for mail in &sent {
            assert_eq!(
                mail.mail.headers.first("Content-Language"),
                Some(self.customer.language.code()),
                "{}",
                mail.notice
            );
            self.told += &format!(
                "===== {} → {}\nFrom: {}\nSubject: {}\n\n{}\n\n",
                mail.notice,
                mail.recipient,
                mail.mail.from.as_ref().map_or("", |from| &from.name),
                mail.mail.subject,
                mail.mail.text.trim()
            );
        }
        sent
    }

    /// Anna writes, and everything that follows from it.
    async fn anna(&mut self, mailbox: &str, to: &str, subject: &str, text: &str) -> Vec<Sent> {
        self.mails += 1;
        let mail = from(ANNA, &format!("a{}@customer.test", self.mails)).to(to).subject(subject).text(text);
        receive(&self.world, mailbox, &mail).await;
        self.told += &format!("----- anna@customer.test: {}\n\n", text.lines().last().unwrap_or_default());
        self.sent().await
    }

    /// She answers a mail of ours.
    async fn answers(&mut self, mailbox: &str, mail: &Sent, text: &str) -> Vec<Sent> {
        let (to, subject) = (mail.reply_to().to_owned(), format!("Re: {}", mail.mail.subject));
        self.anna(mailbox, &to, &subject, text).await
    }

    async fn orders(&mut self, engineer: &str, handover: &Sent, order: &str) -> Vec<Sent> {
        self.mails += 1;
        let mail =
            from(engineer, &format!("e{}@example.test", self.mails)).to(handover.reply_to()).proven().text(order);
        receive(&self.world, "support", &mail).await;
        self.told += &format!("----- {}: {order}\n\n", handover.recipient);
        self.sent().await
    }

    async fn page(&mut self, event: PortalEvent) -> Vec<Sent> {
        portal(&self.world, event).await;
        self.told += "----- on a page\n\n";
        self.sent().await
    }

    async fn later(&mut self, hours: i64) -> Vec<Sent> {
        self.world.pass(SignedDuration::from_hours(hours));
        self.world.tick().await;
        self.told += &format!("----- {hours} hours later\n\n");
        self.sent().await
    }

    /// All that was said, for its reader's eyes.
    fn end(self, name: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.add_filter(r"(https://help\.example\.test/[a-z]+)/[A-Za-z0-9]{20,}", "$1/[TOKEN]");
        settings.add_filter(r"\+note-n1[0-9a-z]{20,}@", "+note-[TOKEN]@");
        settings.add_filter(r"\b[a-z0-9]{5}-[a-z0-9]{5}\b", "[CODE]");
        settings.set_omit_expression(true);
        let _steady = settings.bind_to_scope();
        insta::assert_snapshot!(format!("{name}_{}", self.customer.language.code()), self.told.trim());
    }
}

const REGISTRATION: &str = "support-service-registration@example.test";
const SUPPORT: &str = "support@example.test";

async fn registration(customer: &'static Customer) {
    let mut story = Story::begin(customer).await;
    let question = story.anna("registration", REGISTRATION, "Portal", customer.registration).await;
    assert_eq!(notices(&question), [format!("form_question → {EMAIL}")]);
    let sent = story.answers("registration", &question[0], customer.account).await;
    assert_eq!(notices(&sent), [format!("form_received → {EMAIL}"), format!("activation → {EMAIL}")]);
    let sent = story.later(25).await;
    assert_eq!(notices(&sent), [format!("activation_reminder → {EMAIL}")]);
    let code = story.answers("registration", &sent[0], customer.greeting).await;
    assert_eq!(notices(&code), [format!("activation_code → {EMAIL}")]);
    let again = story.answers("registration", &code[0], customer.not_received).await;
    assert_eq!(notices(&again), [format!("activation → {EMAIL}")]);
    let (app, password) = (&story.world.app, SecretString::from("correct horse battery"));
    set_password(&*app.provision.directory, &app.store, EMAIL, &password).await.unwrap();
    let welcome = story.page(PortalEvent::Activated { email: EMAIL.to_owned() }).await;
    assert_eq!(notices(&welcome), [format!("welcome → {EMAIL}")]);
    assert_eq!(form(&story.world, 1).await.0, "done");
    story.end("registration");
}

async fn registration_that_lapses(customer: &'static Customer) {
    let mut story = Story::begin(customer).await;
    story.anna("registration", REGISTRATION, "Portal", customer.registration).await;
    let sent = story.later(49).await;
    assert_eq!(notices(&sent), [format!("form_question → {EMAIL}")]);
    story.answers("registration", &sent[0], customer.account).await;
    story.later(25).await;
    let sent = story.later(48).await;
    assert_eq!(notices(&sent), [format!("activation_expired → {EMAIL}")]);
    story.end("registration_lapsed");
}

async fn password(customer: &'static Customer) {
    let mut story = Story::begin(customer).await;
    person(&story.world, EMAIL, AccountState::Active, false).await;
    let sent = story.anna("support", SUPPORT, "Portal", customer.password).await;
    assert_eq!(notices(&sent), [format!("form_received → {EMAIL}"), format!("password_reset → {EMAIL}")]);
    let sent = story.page(PortalEvent::PasswordChanged { email: EMAIL.to_owned() }).await;
    assert_eq!(notices(&sent), [format!("password_changed → {EMAIL}")]);
    story.end("password");
}

async fn second_factor_alone(customer: &'static Customer) {
    let mut story = Story::begin(customer).await;
    let question = story.anna("support", SUPPORT, "Portal", customer.second_factor).await;
    assert_eq!(notices(&question), [format!("form_question → {EMAIL}")]);
    let sent = story.answers("support", &question[0], customer.device_at_hand).await;
    assert_eq!(notices(&sent), [format!("second_factor_self_service → {EMAIL}")]);
    let sent = story.answers("support", &sent[0], customer.not_helped).await;
    assert_eq!(sent.iter().filter(|mail| mail.notice == "form_handover").count(), 2, "{:?}", notices(&sent));
    story.end("second_factor_alone");
}

async fn second_factor_by_a_colleague(customer: &'static Customer) {
    let mut story = Story::begin(customer).await;
    let question = story.anna("support", SUPPORT, "Portal", customer.second_factor).await;
    let question = story.answers("support", &question[0], customer.device_lost).await;
    assert_eq!(notices(&question), [format!("form_question → {EMAIL}")]);
    let sent = story.answers("support", &question[0], customer.other_administrator).await;
    assert_eq!(notices(&sent), [format!("second_factor_by_administrator → {EMAIL}")]);
    story.end("second_factor_by_a_colleague");
}

/// Up to the warning of everybody concerned.
async fn second_factor_approved(customer: &'static Customer) -> Story {
    let mut story = Story::begin(customer).await;
    person(&story.world, EMAIL, AccountState::Active, false).await;
    person(&story.world, "boss@customer.test", AccountState::Active, true).await;
    let mut sent = story.anna("support", SUPPORT, "Portal", customer.second_factor).await;
    for answer in [customer.device_lost, customer.no_administrator, customer.identity] {
        assert_eq!(notices(&sent), [format!("form_question → {EMAIL}")]);
        sent = story.answers("support", &sent[0], answer).await;
    }
    let handed_over = ["form_handover → erkki@example.test", "form_handover → liisa@example.test"];
    assert_eq!(notices(&sent)[1..], handed_over);
    story.orders(ERKKI, &sent[1], "#approve").await;
    let twice = story.orders(ERKKI, &sent[1], "#approve").await;
    assert_eq!(notices(&twice), ["command_result → erkki@example.test"]);
    let pending = story.orders(LIISA, &sent[2], "#approve").await;
    assert_eq!(
        pending.iter().filter(|mail| mail.notice == "second_factor_pending").count(),
        2,
        "{:?}",
        notices(&pending)
    );
    story
}

async fn second_factor_by_two_engineers(customer: &'static Customer) {
    let mut story = second_factor_approved(customer).await;
    let sent = story.later(25).await;
    assert_eq!(notices(&sent), [format!("second_factor_enrol → {EMAIL}")]);
    let sent = story.page(PortalEvent::SecondFactorEnrolled { email: EMAIL.to_owned() }).await;
    assert_eq!(notices(&sent), [format!("second_factor_changed → {EMAIL}")]);
    story.end("second_factor_by_two_engineers");
}

async fn second_factor_that_is_stopped(customer: &'static Customer) {
    let mut story = second_factor_approved(customer).await;
    story.told.clear();
    let sent = story.page(PortalEvent::SecondFactorStopped { ticket: TicketId(1) }).await;
    assert_eq!(only(&sent, "second_factor_stopped").recipient, EMAIL);
    story.end("second_factor_stopped");
}

async fn sign_in(customer: &'static Customer) {
    let mut story = Story::begin(customer).await;
    person(&story.world, EMAIL, AccountState::Active, false).await;
    let sent = story.anna("support", SUPPORT, "Portal", customer.sign_in).await;
    assert_eq!(notices(&sent), [format!("sign_in_help → {EMAIL}")]);
    let sent = story.answers("support", &sent[0], customer.not_helped).await;
    assert_eq!(notices(&sent), ["form_handover → erkki@example.test", "form_handover → liisa@example.test"]);
    story.end("sign_in");
}

/// What an engineer types wrong is answered in the engineer's language too.
async fn commands(customer: &'static Customer) {
    let mut story = Story::begin(customer).await;
    let text = customer.registration.replace(EMAIL, "anna@freelance.test") + "\n\nAccount ID: AC-1001";
    let sent = story.anna("registration", REGISTRATION, "Portal", &text).await;
    let handover = sent.iter().find(|mail| mail.recipient == "erkki@example.test").unwrap();
    story.told.clear();
    for order in
        ["#aprove", "#set colour red", "#set account_id 77", "#set account_id AC-1002\n#approve", "#reject", "#reject"]
    {
        let said = story.orders(ERKKI, handover, order).await;
        only(&said, "command_result");
    }
    assert_eq!(form(&story.world, 1).await.0, "declined");
    story.end("commands");
}

macro_rules! in_both_languages {
    ($($story:ident)*) => {
        mod german {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                super::$story(&super::GERMAN).await;
            })*
        }

        mod finnish {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $story() {
                super::$story(&super::FINNISH).await;
            })*
        }
    };
}

#[tokio::test(flavor = "multi_thread")]
async fn the_registration_in_every_other_language() {
    for customer in [&SWEDISH, &DANISH, &DUTCH, &FRENCH, &SPANISH, &ITALIAN, &PORTUGUESE, &POLISH, &JAPANESE] {
        registration(customer).await;
    }
}

in_both_languages! {
    registration
    registration_that_lapses
    password
    second_factor_alone
    second_factor_by_a_colleague
    second_factor_by_two_engineers
    second_factor_that_is_stopped
    sign_in
    commands
}
