//! Which form a mail begins, in whatever words and language it is written.

use std::path::Path;

use caseway::config::{self, Config, Secrets};
use caseway::desk::form::choose::{Chosen, choose};
use caseway::mail::{self, Mail};

const EXAMPLE: &str = "deploy/example/caseway.toml";

fn example() -> Config {
    config::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(EXAMPLE), Secrets::Leave).unwrap().config
}

fn written(subject: &str, words: &str) -> Mail {
    let head = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit";
    let words = words.replace('\n', "\r\n");
    mail::read(format!("From: Jo <jo@customer.test>\r\nSubject: {subject}\r\n{head}\r\n\r\n{words}\r\n").as_bytes())
}

fn name<'a>(config: &'a Config, mailbox: &str, subject: &str, words: &str) -> Option<&'a str> {
    choose(config, mailbox, &written(subject, words)).form.map(|form| form.name.as_str())
}

/// What a form for engineers is for shows in its title; the configuration's own phrases are not needed.
#[test]
fn a_false_positive_leads_to_the_form_of_that_title() {
    let config = example();
    for words in [
        "Endpoint Protection puts our own program into quarantine, it is harmless. Please add an exception.",
        "Euer Endpoint Protection hält unser selbst geschriebenes Programm für einen Virus. Bitte freigeben.",
        "Endpoint Protection vie oman ohjelmamme karanteeniin, vaikka se on vaaraton. Voitteko sallia sen?",
        "Endpoint Protection bloque notre propre logiciel, c'est une fausse alerte. Merci de l'autoriser.",
    ] {
        assert_eq!(name(&config, "support", "", words), Some("allow-list"), "{words}");
    }
}

/// None of these words stands in the configuration.
#[test]
fn the_same_wish_in_many_languages() {
    let config = example();
    for (form, all) in [
        (
            "password",
            [
                "I can't remember my password for the portal, please send me a new one.",
                "Habe mein Kennwort fürs Portal vergessen, bitte ein neues schicken.",
                "En muista enää portaalin salasanaa, saisinko uuden?",
                "J'ai oublié mon mot de passe pour le portail, pouvez-vous le réinitialiser ?",
                "He olvidado la contraseña del portal, ¿me la podéis restablecer?",
                "Nie pamiętam hasła do portalu, proszę o reset.",
                "ポータルのパスワードを忘れました。再設定をお願いします。",
            ],
        ),
        (
            "second-factor",
            [
                "My phone was stolen and the authenticator with it, please reset my second factor.",
                "Mein Handy ist kaputt, und die Codes der Authenticator-App sind weg. Bitte den zweiten Faktor zurücksetzen.",
                "Puhelin hajosi enkä saa enää todennuskoodeja. Voitteko nollata kaksivaiheisen tunnistautumisen?",
                "J'ai perdu mon téléphone, je n'ai plus les codes de la double authentification, merci de la réinitialiser.",
                "Me han robado el móvil y con él los códigos del doble factor. ¿Pueden restablecerlo?",
                "Zgubiłem telefon z kodami do weryfikacji dwuetapowej, proszę o reset.",
                "スマホを紛失して認証アプリのコードが出せません。二段階認証をリセットしてください。",
            ],
        ),
        (
            "registration",
            [
                "Please create an account for the customer portal for our new colleague.",
                "Bitte legen Sie für unsere neue Kollegin einen Zugang zum Kundenportal an.",
                "Voisitteko luoda uudelle työntekijällemme tunnukset asiakasportaaliin?",
                "Merci de créer un compte sur le portail client pour notre nouvelle collègue.",
                "Por favor, den de alta a nuestra nueva compañera en el portal de clientes.",
                "Proszę o założenie konta w portalu klienta dla nowego pracownika.",
                "新入社員のために、カスタマーポータルのアカウントを作成してください。",
            ],
        ),
    ] {
        for words in all {
            assert_eq!(name(&config, "support", "", words), Some(form), "{words}");
        }
    }
}

#[test]
fn words_that_only_speak_of_it_begin_nothing() {
    let config = example();
    for words in [
        "How long must a password be under your policy? Just curious.",
        "We got the invoice twice, could you cancel one of them?",
        "Der Rechner ist seit dem Update sehr langsam, woran kann das liegen?",
        "Thank you so much, everything works again!",
        "Could you send us a quote for 50 more licences?",
    ] {
        assert_eq!(name(&config, "support", "", words), None, "{words}");
    }
}

/// A mailbox makes its form likely, and no more than that.
#[test]
fn a_forms_mailbox_is_taken_at_its_word_unless_the_mail_says_otherwise() {
    let config = example();
    for words in ["hello", "Jane Doe, AC-100234", "Moi, tässä tiedot.", "see attachment"] {
        assert_eq!(name(&config, "registration", "", words), Some("registration"), "{words}");
    }
    for words in [
        "Please delete my account, I am leaving the company.",
        "Bitte löschen Sie mein Konto, ich verlasse die Firma.",
        "Poistakaa tilini, en tarvitse sitä enää.",
        "Veuillez supprimer mon compte, je quitte la société.",
    ] {
        assert_eq!(name(&config, "registration", "Account", words), None, "{words}");
    }
    let slow = "Excel is very slow since your last update, what can we do?";
    assert_eq!(name(&config, "registration", "Excel", slow), None);
    let forgotten = "I forgot my password for the portal, please reset it.";
    assert_eq!(name(&config, "registration", "Password", forgotten), Some("password"));
}

/// A desk with a form of the administrator's own beside the others.
fn with_own_form(examples: &str) -> Config {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join(EXAMPLE)).unwrap();
    let own = format!(
        "\n[form.badge]\ntitle = {{ en = \"Visitor badge\" }}\naction = \"engineer\"\n{examples}\n\
         [[form.badge.fields]]\nname = \"email\"\ntype = \"email\"\n"
    );
    config::parse(&(text + &own), &root.join(EXAMPLE), Secrets::Leave).unwrap().config
}

#[test]
fn a_form_of_ones_own_is_learnt_from_examples() {
    let examples = "examples = [
        \"We have a visitor on Friday and need a badge for the gate.\", \"Please prepare visitor badges for two guests.\",
        \"Ich brauche einen Besucherausweis für morgen.\", \"Vierailija tulee maanantaina, tarvitaan vierailijakortti.\",
        \"A guest comes next week, could reception print a badge?\", \"Besucherausweise für drei Gäste bitte.\",
    ]";
    let config = with_own_form(examples);
    for words in [
        "Hello, I expect a visitor tomorrow, please make a badge.",
        "Bitte einen Besucherausweis für einen Gast am Mittwoch.",
        "Two guests will come on Monday and need visitor badges for the gate.",
    ] {
        assert_eq!(name(&config, "support", "", words), Some("badge"), "{words}");
    }
    assert_eq!(name(&config, "support", "", "I forgot my password for the portal, please reset it."), Some("password"));
    assert_eq!(name(&config, "support", "", "The scan takes hours since the update."), None);
    let without = with_own_form("");
    assert_eq!(name(&without, "support", "", "Hello, I expect a visitor tomorrow, please make a badge."), None);
}

#[test]
fn why_is_told_in_words_of_the_mail() {
    let config = example();
    let mail = written("", "Habe mein Kennwort vergessen, bitte zurücksetzen");
    let chosen = choose(&config, "support", &mail);
    let told = Chosen::reasons(&chosen);
    assert!(told.starts_with("reset-password "), "{told}");
    assert!(told.contains("Kennwort") && told.contains("vergessen"), "{told}");
    assert_eq!(choose(&config, "support", &written("", "")).reasons(), "nothing was said");
}
