//! What people call the common fields, in the languages that customers write; so that a short configuration reads most.
//!
//! The first of a language is shown. A label stands with one meaning only: `Name` alone is a whole name.

use std::collections::BTreeMap;

/// Labels of one meaning: `(ISO 639-1 code, separated by |)`.
type Labels = &'static [(&'static str, &'static str)];

/// The built-in labels of a type of the file, by language; empty for types without any.
pub fn of(kind: &str) -> BTreeMap<String, Vec<String>> {
    ALL.iter().find(|(name, _)| *name == kind).map(|(_, labels)| by_language(labels)).unwrap_or_default()
}

/// The built-in labels of a choice: there are some for `yes` and `no`.
pub fn of_choice(name: &str) -> BTreeMap<String, Vec<String>> {
    if matches!(name, "yes" | "no") { of(name) } else { BTreeMap::new() }
}

fn by_language(labels: Labels) -> BTreeMap<String, Vec<String>> {
    let words = |words: &str| words.split('|').map(|word| word.trim().to_owned()).collect();
    labels.iter().map(|(code, labels)| ((*code).to_owned(), words(labels))).collect()
}

#[rustfmt::skip]
const ALL: &[(&str, Labels)] = &[
    ("name", &[
        ("en", "Name|Full name|Contact name|Contact person|User|Person"),
        ("de", "Name|Vollständiger Name|Vor- und Nachname|Vor- und Zuname|Ansprechpartner|Benutzer"),
        ("fi", "Nimi|Koko nimi|Etu- ja sukunimi|Yhteyshenkilö|Käyttäjä"),
        ("sv", "Namn|Fullständigt namn|För- och efternamn|Kontaktperson|Användare"),
        ("fr", "Nom complet|Prénom et nom|Prénom nom|Utilisateur"),
        ("es", "Nombre completo|Nombre y apellidos|Nombre y apellido|Usuario"),
        ("it", "Nome e cognome|Nome completo|Utente"),
        ("nl", "Naam|Volledige naam|Voor- en achternaam|Gebruiker"),
        ("pt", "Nome completo|Nome e apelido|Nome e sobrenome|Utilizador|Usuário"),
        ("pl", "Imię i nazwisko|Imię nazwisko|Użytkownik"),
        ("da", "Navn|Fulde navn|For- og efternavn|Bruger"),
        ("no", "Navn|Fullt navn|For- og etternavn|Bruker"),
        ("ja", "氏名|お名前|名前|担当者名|ご担当者"),
    ]),
    ("first-name", &[
        ("en", "First name|Firstname|Given name|Forename|Christian name|First names|Given names|Your first name"),
        ("de", "Vorname|Vornamen|Rufname"),
        ("fi", "Etunimi|Etunimet|Kutsumanimi"),
        ("sv", "Förnamn|Tilltalsnamn"),
        ("fr", "Prénom|Prénoms|Prenom"),
        ("es", "Nombre|Nombres|Nombre de pila"),
        ("it", "Nome|Nome di battesimo"),
        ("nl", "Voornaam|Voornamen"),
        ("pt", "Primeiro nome|Nome próprio|Nome"),
        ("pl", "Imię|Imie|Imiona"),
        ("da", "Fornavn|Fornavne"),
        ("no", "Fornavn|Fornavn(e)"),
        ("ja", "名|ファーストネーム"),
    ]),
    ("last-name", &[
        ("en", "Last name|Lastname|Surname|Family name|Last names|Your last name"),
        ("de", "Nachname|Familienname|Zuname"),
        ("fi", "Sukunimi"),
        ("sv", "Efternamn|Familjenamn"),
        ("fr", "Nom|Nom de famille"),
        ("es", "Apellidos|Apellido|Primer apellido"),
        ("it", "Cognome"),
        ("nl", "Achternaam|Familienaam"),
        ("pt", "Apelido|Sobrenome|Último nome"),
        ("pl", "Nazwisko"),
        ("da", "Efternavn|Familienavn"),
        ("no", "Etternavn|Familienavn"),
        ("ja", "姓|苗字|名字"),
    ]),
    ("email", &[
        ("en", "E-mail address|E-mail|Email|Email address|Mail|Mail address|Business e-mail|Business email|Work email|Work e-mail|Email ID|User name|Username|Login"),
        ("de", "E-Mail-Adresse|E-Mail|Email|Emailadresse|E-Mailadresse|Mail|Mailadresse|Mail-Adresse|Geschäftliche E-Mail-Adresse|Benutzername"),
        ("fi", "Sähköpostiosoite|Sähköposti|S-posti|Email|E-mail|Meili|Sposti|Käyttäjätunnus"),
        ("sv", "E-postadress|E-post|Epost|Epostadress|Mejl|Mejladress|Mail|Mailadress|Användarnamn"),
        ("fr", "Adresse e-mail|E-mail|Adresse mail|Mail|Courriel|Adresse électronique|Adresse courriel|Adresse de messagerie|Email"),
        ("es", "Correo electrónico|Correo|Correo electronico|E-mail|Email|Dirección de correo|Dirección de correo electrónico|Mail"),
        ("it", "Indirizzo e-mail|E-mail|Email|Indirizzo email|Posta elettronica|Indirizzo di posta elettronica|Mail|Indirizzo mail"),
        ("nl", "E-mailadres|E-mail|Email|Mailadres|Mail|Emailadres"),
        ("pt", "Endereço de e-mail|E-mail|Email|Correio eletrónico|Correio eletrônico|Endereço de correio eletrónico|Endereço de email"),
        ("pl", "Adres e-mail|E-mail|Email|Mail|Adres email|Adres mailowy|Poczta elektroniczna"),
        ("da", "E-mailadresse|E-mail|Email|Mail|Mailadresse|E-post"),
        ("no", "E-postadresse|E-post|Epost|Mail|E-mail|Epostadresse|Mailadresse"),
        ("ja", "メールアドレス|メール|Eメール|E-mail|電子メール"),
    ]),
    ("company", &[
        ("en", "Company|Company name|Organisation|Organization|Customer|Customer name|Account name|Name of the account"),
        ("de", "Firma|Unternehmen|Firmenname|Organisation|Kunde|Kundenname|Kontoname|Name des Kontos"),
        ("fi", "Yritys|Yrityksen nimi|Organisaatio|Yhtiö|Asiakas|Asiakkaan nimi|Tilin nimi|Firma"),
        ("sv", "Företag|Företagsnamn|Bolag|Organisation|Kund|Kundnamn|Kontonamn"),
        ("fr", "Société|Entreprise|Nom de la société|Nom de l'entreprise|Raison sociale|Organisation|Client|Nom du compte"),
        ("es", "Empresa|Nombre de la empresa|Compañía|Organización|Cliente|Razón social|Nombre de la cuenta"),
        ("it", "Azienda|Società|Nome dell'azienda|Ditta|Ragione sociale|Organizzazione|Cliente|Nome dell'account"),
        ("nl", "Bedrijf|Bedrijfsnaam|Organisatie|Klant|Klantnaam|Accountnaam|Firma"),
        ("pt", "Empresa|Nome da empresa|Organização|Companhia|Cliente|Razão social|Nome da conta"),
        ("pl", "Firma|Nazwa firmy|Przedsiębiorstwo|Organizacja|Klient|Spółka|Nazwa konta"),
        ("da", "Virksomhed|Firma|Firmanavn|Virksomhedsnavn|Organisation|Kunde|Kontonavn"),
        ("no", "Bedrift|Firma|Firmanavn|Selskap|Organisasjon|Kunde|Kontonavn"),
        ("ja", "会社名|貴社名|企業名|団体名|組織名|アカウント名"),
    ]),
    ("account-id", &[
        ("en", "Account ID|Account|Account number|Account no.|Account no|Account #|Acct ID|AccountID|Customer account ID|Customer account"),
        ("de", "Konto-ID|Kontonummer|Konto|Konto-Nr.|Konto-Nr|Account-ID|Account ID|Accountnummer|Kunden-Konto-ID|Kundenkonto|Konto ID|Account"),
        ("fi", "Asiakastilin tunnus|Asiakastili|Tilin tunnus|Tilitunnus|Tilin numero|Tili|Tilin ID|Account ID|Tilinumero|Tili-ID"),
        ("sv", "Konto-ID|Kontonummer|Konto|KontoID|Konto ID|Kontonr|Account ID"),
        ("fr", "Identifiant de compte|Identifiant du compte|ID de compte|ID du compte|Numéro de compte|N° de compte|No de compte|Compte|Identifiant compte|ID compte|Account ID"),
        ("es", "ID de cuenta|ID de la cuenta|Número de cuenta|N.º de cuenta|Nº de cuenta|Cuenta|Identificador de cuenta|Account ID"),
        ("it", "ID account|ID dell'account|Numero account|Codice account|ID conto|Account|Account ID|Numero di account"),
        ("nl", "Account-ID|Accountnummer|Account ID|Account|Rekening-ID|Accountnr|AccountID"),
        ("pt", "ID da conta|ID de conta|Número da conta|N.º da conta|Nº da conta|Conta|Identificador da conta|Account ID"),
        ("pl", "Identyfikator konta|ID konta|Numer konta|Nr konta|Konto|Account ID"),
        ("da", "Konto-id|Kontonummer|Konto|Kontonr.|Konto ID|Account ID"),
        ("no", "Konto-ID|Kontonummer|Konto|Kontonr.|Konto ID|Account ID"),
        ("ja", "アカウントID|アカウント番号|契約番号|アカウント"),
    ]),
    ("customer-id", &[
        ("en", "Customer ID|Customer number|Customer no.|Customer no|Customer #|CustomerID|Client ID|Client number"),
        ("de", "Kunden-ID|Kundennummer|Kunden-Nr.|Kundennr.|Kundennr|Kd.-Nr.|KdNr|Kunden ID|Kundennr:"),
        ("fi", "Asiakastunnus|Asiakasnumero|Asiakasnro|Asiakas-ID|Asiakasnro."),
        ("sv", "Kund-ID|Kundnummer|Kundnr|Kund ID|Kundnr."),
        ("fr", "Identifiant client|Numéro de client|Numéro client|N° client|N° de client|No client|Code client|ID client"),
        ("es", "ID de cliente|Número de cliente|N.º de cliente|Nº de cliente|Código de cliente"),
        ("it", "ID cliente|Codice cliente|Numero cliente|N. cliente|Numero di cliente"),
        ("nl", "Klant-ID|Klantnummer|Klantnr|Klantnr.|Klant ID"),
        ("pt", "ID do cliente|Número de cliente|Número do cliente|N.º de cliente|Nº de cliente|Código de cliente"),
        ("pl", "Identyfikator klienta|ID klienta|Numer klienta|Nr klienta"),
        ("da", "Kunde-id|Kundenummer|Kundenr.|Kundenr|Kunde ID"),
        ("no", "Kunde-ID|Kundenummer|Kundenr.|Kundenr|Kunde ID"),
        ("ja", "お客様番号|顧客番号|お客様ID|顧客ID"),
    ]),
    ("installation-id", &[
        ("en", "Installation ID|Installation number|Install ID|Installation code|InstallationID|Server ID"),
        ("de", "Installations-ID|Installationsnummer|Installations ID|Installationscode|InstallationsID|Server-ID"),
        ("fi", "Asennustunnus|Asennuksen tunnus|Asennus-ID|Asennusnumero|Asennuskoodi|Asennus ID"),
        ("sv", "Installations-ID|Installationsnummer|InstallationsID|Installations ID"),
        ("fr", "Identifiant d'installation|ID d'installation|Numéro d'installation|Code d'installation|ID installation"),
        ("es", "ID de instalación|Identificador de instalación|Número de instalación|Código de instalación"),
        ("it", "ID di installazione|ID installazione|Codice di installazione|Numero di installazione"),
        ("nl", "Installatie-ID|Installatienummer|Installatiecode|Installatie ID"),
        ("pt", "ID de instalação|ID da instalação|Identificador da instalação|Número de instalação|Código de instalação"),
        ("pl", "Identyfikator instalacji|ID instalacji|Numer instalacji|Kod instalacji"),
        ("da", "Installations-id|Installationsnummer|Installations ID|Installationskode"),
        ("no", "Installasjons-ID|Installasjonsnummer|Installasjons ID|Installasjonskode"),
        ("ja", "インストールID|インストール番号|インストールコード"),
    ]),
    ("product", &[
        ("en", "Product|Product name|Software|Affected product"),
        ("de", "Produkt|Produktname|Software|Betroffenes Produkt"),
        ("fi", "Tuote|Tuotteen nimi|Ohjelmisto"),
        ("sv", "Produkt|Produktnamn|Programvara"),
        ("fr", "Produit|Nom du produit|Logiciel|Produit concerné"),
        ("es", "Producto|Nombre del producto|Producto afectado"),
        ("it", "Prodotto|Nome del prodotto|Prodotto interessato"),
        ("nl", "Product|Productnaam|Software"),
        ("pt", "Produto|Nome do produto|Produto afetado"),
        ("pl", "Produkt|Nazwa produktu|Oprogramowanie"),
        ("da", "Produkt|Produktnavn|Program"),
        ("no", "Produkt|Produktnavn|Programvare"),
        ("ja", "製品|製品名|対象製品|ソフトウェア"),
    ]),
    ("yes", &[
        ("en", "yes|y|yep|yeah|yes I do|yes it is|yes there is|true"), ("de", "ja|jawohl|ja habe ich|ja gibt es"),
        ("fi", "kyllä|joo|on|on kyllä|kyllä on"), ("sv", "ja|jo|japp"), ("fr", "oui"), ("es", "sí|si"), ("it", "sì|si"),
        ("nl", "ja"), ("pt", "sim"), ("pl", "tak"), ("da", "ja|jo"), ("no", "ja|jo"),
        ("ja", "はい|あります"),
    ]),
    ("no", &[
        ("en", "no|n|nope|no I don't|no it is not|not any more|no longer|false"), ("de", "nein|nicht mehr|leider nein|leider nicht"),
        ("fi", "ei|ei ole|ei enää"), ("sv", "nej|nä|inte längre"), ("fr", "non"), ("es", "no"), ("it", "no"),
        ("nl", "nee|neen"), ("pt", "não|nao"), ("pl", "nie"), ("da", "nej"), ("no", "nei"),
        ("ja", "いいえ|ありません"),
    ]),
];

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: [&str; 13] = ["da", "de", "en", "es", "fi", "fr", "it", "ja", "nl", "no", "pl", "pt", "sv"];

    #[test]
    fn every_type_is_labelled_in_every_language() {
        for (kind, labels) in ALL {
            let codes: Vec<String> = by_language(labels).into_keys().collect();
            assert_eq!(codes, LANGUAGES, "{kind}");
            assert!(of(kind).values().flatten().all(|label| !label.is_empty()), "{kind}");
        }
    }
}
