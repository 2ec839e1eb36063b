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
        ("cs", "Jméno a příjmení|Celé jméno|Uživatel"), ("ja", "氏名|お名前|名前|ユーザー名義"), ("zh", "姓名|名字"), ("ko", "이름|성명"), ("ru", "ФИО|Имя и фамилия|Пользователь"), ("uk", "ПІБ|Ім'я та прізвище|Користувач"), ("tr", "Ad soyad|Adı soyadı|Kullanıcı"),
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
        ("cs", "Jméno|Křestní jméno"), ("ja", "名|ファーストネーム"), ("zh", "名"), ("ko", "이름(성 제외)"), ("ru", "Имя"), ("uk", "Ім'я"), ("tr", "Ad|Adı"),
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
        ("cs", "Příjmení"), ("ja", "姓|苗字|ラストネーム"), ("zh", "姓"), ("ko", "성"), ("ru", "Фамилия"), ("uk", "Прізвище"), ("tr", "Soyad|Soyadı"),
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
        ("cs", "E-mail|Email|E-mailová adresa|Mail|Přihlašovací jméno"), ("ja", "メールアドレス|メール|電子メール|連絡先|Eメール|ID(メール)"), ("zh", "邮箱|电子邮件|电子邮箱|邮件地址|信箱|電子郵件"), ("ko", "이메일|메일|이메일 주소|메일 주소"), ("ru", "Почта|Эл. почта|Электронная почта|Адрес|Логин"), ("uk", "Пошта|Ел. пошта|Електронна пошта|Логін"), ("tr", "E-posta|Eposta|E-posta adresi|Mail"),
    ]),
    ("company", &[
        ("en", "Company|Company name|Organisation|Organization|Customer|Customer name|Account name|Name of the account|Customer company|Organisation name|Org|Client|Firm|Institution"),
        ("de", "Firma|Unternehmen|Firmenname|Organisation|Kunde|Kundenname|Kontoname|Name des Kontos|Auftraggeber|Vertragspartner|Institution|Behörde|Einrichtung|Endkunde"),
        ("fi", "Yritys|Yrityksen nimi|Organisaatio|Yhtiö|Asiakas|Asiakkaan nimi|Tilin nimi|Firma|Yhteisö|Kunta"),
        ("sv", "Företag|Företagsnamn|Bolag|Organisation|Kund|Kundnamn|Kontonamn|Bolagsnamn|Myndighet"),
        ("fr", "Société|Entreprise|Nom de la société|Nom de l'entreprise|Raison sociale|Organisation|Client|Nom du compte|Institution|Établissement|Titulaire|Intitulé"),
        ("es", "Empresa|Nombre de la empresa|Compañía|Organización|Cliente|Razón social|Nombre de la cuenta|Titular|Institución|Entidad"),
        ("it", "Azienda|Società|Nome dell'azienda|Ditta|Ragione sociale|Organizzazione|Cliente|Nome dell'account|Intestatario|Ente|Istituto"),
        ("nl", "Bedrijf|Bedrijfsnaam|Organisatie|Klant|Klantnaam|Accountnaam|Firma|Firmanaam|Organisatienaam|Instelling"),
        ("pt", "Empresa|Nome da empresa|Organização|Companhia|Cliente|Razão social|Nome da conta|Instituição|Titular|Entidade"),
        ("pl", "Firma|Nazwa firmy|Przedsiębiorstwo|Organizacja|Klient|Spółka|Nazwa konta|Nazwa|Nazwa klienta|Instytucja"),
        ("da", "Virksomhed|Firma|Firmanavn|Virksomhedsnavn|Organisation|Kunde|Kontonavn|Firmaets navn|Institution"),
        ("no", "Bedrift|Firma|Firmanavn|Selskap|Organisasjon|Kunde|Kontonavn|Verksemd|Virksomhet|Kunde"),
        ("cs", "Firma|Společnost|Název firmy|Zákazník|Organizace|Odběratel"), ("ja", "会社名|会社|企業名|契約者|契約者名|お客様名|法人名|ご契約者|貴社名|組織名|団体名|顧客名|契約先"), ("zh", "公司|公司名称|单位|客户名称|企业名称|公司名稱"), ("ko", "회사|회사명|기관명|고객사|업체명|법인명"), ("ru", "Компания|Организация|Заказчик|Клиент|Название компании|Фирма"), ("uk", "Компанія|Організація|Замовник|Клієнт|Назва компанії|Фірма"), ("tr", "Firma|Şirket|Kurum|Şirket adı|Müşteri|Firma adı"),
    ]),
    ("account-id", &[
        ("en", "Account ID|Account|Account number|Account no.|Account no|Account #|Acct ID|AccountID|Customer account ID|Customer account|Contract account|Acct|A/c"),
        ("de", "Konto-ID|Kontonummer|Konto|Konto-Nr.|Konto-Nr|Account-ID|Account ID|Accountnummer|Kunden-Konto-ID|Kundenkonto|Konto ID|Account|Vertragskonto|Kundenkontonummer"),
        ("fi", "Asiakastilin tunnus|Asiakastili|Tilin tunnus|Tilitunnus|Tilin numero|Tili|Tilin ID|Account ID|Tilinumero|Tili-ID|Asiakasnumero"),
        ("sv", "Konto-ID|Kontonummer|Konto|KontoID|Konto ID|Kontonr|Account ID"),
        ("fr", "Identifiant de compte|Identifiant du compte|ID de compte|ID du compte|Numéro de compte|N° de compte|No de compte|Compte|Identifiant compte|ID compte|Account ID"),
        ("es", "ID de cuenta|ID de la cuenta|Número de cuenta|N.º de cuenta|Nº de cuenta|Cuenta|Identificador de cuenta|Account ID"),
        ("it", "ID account|ID dell'account|Numero account|Codice account|ID conto|Account|Account ID|Numero di account"),
        ("nl", "Account-ID|Accountnummer|Account ID|Account|Rekening-ID|Accountnr|AccountID"),
        ("pt", "ID da conta|ID de conta|Número da conta|N.º da conta|Nº da conta|Conta|Identificador da conta|Account ID"),
        ("pl", "Identyfikator konta|ID konta|Numer konta|Nr konta|Konto|Account ID"),
        ("da", "Konto-id|Kontonummer|Konto|Kontonr.|Konto ID|Account ID"),
        ("no", "Konto-ID|Kontonummer|Konto|Kontonr.|Konto ID|Account ID"),
        ("cs", "Číslo účtu|ID účtu|Účet|Zákaznický účet|Číslo zákaznického účtu"), ("ja", "アカウントID|アカウント番号|契約番号|アカウント|契約ID|お客様番号|顧客番号|会社番号"), ("zh", "账户|账户号|账号|账户ID|帐号|合同号|帳號|客户编号"), ("ko", "계정 번호|계정번호|계정 ID|계정|고객번호|계약번호"), ("ru", "Номер аккаунта|Аккаунт|Номер счёта|Учётная запись|ID аккаунта|Счёт|Номер договора"), ("uk", "Номер акаунта|Акаунт|Обліковий запис|Номер облікового запису|ID акаунта"), ("tr", "Hesap numarası|Hesap no|Hesap|Hesap ID|Müşteri numarası"),
    ]),
    ("customer-id", &[
        ("en", "Customer ID|Customer number|Customer no.|Customer no|Customer #|CustomerID|Client ID|Client number|Cust. no.|Cust no|Cust ID|Cust|Customer"),
        ("de", "Kunden-ID|Kundennummer|Kunden-Nr.|Kundennr.|Kundennr|Kd.-Nr.|KdNr|Kunden ID|Kundennr:|Kundennr|Kd-Nr|Kunde Nr."),
        ("fi", "Asiakastunnus|Asiakasnumero|Asiakasnro|Asiakas-ID|Asiakasnro.|As.nro"),
        ("sv", "Kund-ID|Kundnummer|Kundnr|Kund ID|Kundnr."),
        ("fr", "Identifiant client|Numéro de client|Numéro client|N° client|N° de client|No client|Code client|ID client"),
        ("es", "ID de cliente|Número de cliente|N.º de cliente|Nº de cliente|Código de cliente"),
        ("it", "ID cliente|Codice cliente|Numero cliente|N. cliente|Numero di cliente"),
        ("nl", "Klant-ID|Klantnummer|Klantnr|Klantnr.|Klant ID"),
        ("pt", "ID do cliente|Número de cliente|Número do cliente|N.º de cliente|Nº de cliente|Código de cliente"),
        ("pl", "Identyfikator klienta|ID klienta|Numer klienta|Nr klienta"),
        ("da", "Kunde-id|Kundenummer|Kundenr.|Kundenr|Kunde ID"),
        ("no", "Kunde-ID|Kundenummer|Kundenr.|Kundenr|Kunde ID"),
        ("cs", "Číslo zákazníka|ID zákazníka|Zákaznické číslo|Č. zákazníka"), ("ja", "顧客番号|お客様番号|顧客ID|お客様ID|カスタマーID"), ("zh", "客户编号|客户号|客户ID|客戶編號|客户代码"), ("ko", "고객번호|고객 번호|고객 ID|고객코드"), ("ru", "Номер клиента|ID клиента|Код клиента|Клиентский номер"), ("uk", "Номер клієнта|ID клієнта|Код клієнта"), ("tr", "Müşteri numarası|Müşteri no|Müşteri ID|Müşteri kodu"),
    ]),
    ("installation-id", &[
        ("en", "Installation ID|Installation number|Install ID|Installation code|InstallationID|Server ID|Inst. ID|Inst ID|Install|Installation|Inst"),
        ("de", "Installations-ID|Installationsnummer|Installations ID|Installationscode|InstallationsID|Server-ID|Inst.-ID|Installation|Installationskennung|Inst-ID"),
        ("fi", "Asennustunnus|Asennuksen tunnus|Asennus-ID|Asennusnumero|Asennuskoodi|Asennus ID|Asennus|Asennustunniste"),
        ("sv", "Installations-ID|Installationsnummer|InstallationsID|Installations ID|Installation|Inst-ID"),
        ("fr", "Identifiant d'installation|ID d'installation|Numéro d'installation|Code d'installation|ID installation|Installation|N° d'installation"),
        ("es", "ID de instalación|Identificador de instalación|Número de instalación|Código de instalación|Instalación"),
        ("it", "ID di installazione|ID installazione|Codice di installazione|Numero di installazione|Installazione|Identificativo installazione"),
        ("nl", "Installatie-ID|Installatienummer|Installatiecode|Installatie ID|Installatie"),
        ("pt", "ID de instalação|ID da instalação|Identificador da instalação|Número de instalação|Código de instalação|Instalação"),
        ("pl", "Identyfikator instalacji|ID instalacji|Numer instalacji|Kod instalacji|Instalacja|ID instalacji"),
        ("da", "Installations-id|Installationsnummer|Installations ID|Installationskode|Installation"),
        ("no", "Installasjons-ID|Installasjonsnummer|Installasjons ID|Installasjonskode|Installasjon"),
        ("cs", "ID instalace|Instalační ID|Číslo instalace|Instalace"), ("ja", "インストールID|インストール番号|インストレーションID|設置ID"), ("zh", "安装ID|安装编号|安装号|安裝ID"), ("ko", "설치 ID|설치ID|설치 번호|설치번호"), ("ru", "ID установки|Установка|Номер установки|Идентификатор установки"), ("uk", "ID інсталяції|Інсталяція|Номер інсталяції|Ідентифікатор інсталяції"), ("tr", "Kurulum ID|Kurulum kimliği|Kurulum numarası|Kurulum no"),
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
        ("cs", "Produkt|Software"), ("ja", "製品|製品名|ソフト"), ("zh", "产品|产品名称|產品"), ("ko", "제품|제품명"), ("ru", "Продукт|Программа"), ("uk", "Продукт|Програма"), ("tr", "Ürün|Ürün adı|Yazılım"),
    ]),
    ("yes", &[
        ("en", "yes|y|yep|yeah|yes I do|yes it is|yes there is|true"), ("de", "ja|jawohl|ja habe ich|ja gibt es"),
        ("fi", "kyllä|joo|on|on kyllä|kyllä on"), ("sv", "ja|jo|japp"), ("fr", "oui"), ("es", "sí|si"), ("it", "sì|si"),
        ("nl", "ja"), ("pt", "sim"), ("pl", "tak"), ("da", "ja|jo"), ("no", "ja|jo"),
        ("cs", "ano|jo"), ("ja", "はい|有|あり"), ("zh", "是|有|是的"), ("ko", "네|예|있음"), ("ru", "да|есть"), ("uk", "так|є"), ("tr", "evet|var"),
    ]),
    ("no", &[
        ("en", "no|n|nope|no I don't|no it is not|not any more|no longer|false"), ("de", "nein|nicht mehr|leider nein|leider nicht"),
        ("fi", "ei|ei ole|ei enää"), ("sv", "nej|nä|inte längre"), ("fr", "non"), ("es", "no"), ("it", "no"),
        ("nl", "nee|neen"), ("pt", "não|nao"), ("pl", "nie"), ("da", "nej"), ("no", "nei"),
        ("cs", "ne|není"), ("ja", "いいえ|無|なし"), ("zh", "否|没有|无"), ("ko", "아니요|아니오|없음"), ("ru", "нет"), ("uk", "ні|немає"), ("tr", "hayır|yok"),
    ]),
];

#[cfg(test)]
mod tests {
    use super::*;

    const LANGUAGES: [&str; 19] = [
        "cs", "da", "de", "en", "es", "fi", "fr", "it", "ja", "ko", "nl", "no", "pl", "pt", "ru", "sv", "tr", "uk",
        "zh",
    ];

    #[test]
    fn every_type_is_labelled_in_every_language() {
        for (kind, labels) in ALL {
            let codes: Vec<String> = by_language(labels).into_keys().collect();
            assert_eq!(codes, LANGUAGES, "{kind}");
            assert!(of(kind).values().flatten().all(|label| !label.is_empty()), "{kind}");
        }
    }
}
