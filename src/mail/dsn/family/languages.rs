use super::shape::Family;

/// Words before a recipient that mail systems of many languages use.
pub const LANGUAGES: Family = Family {
    name: "words of a mail system",
    openers: &[],
    #[rustfmt::skip]
    labels: &[
        "nachricht an ", "e-mail an ", "mail an ", "zustellung an ", "zustellen an ",
        "bericht aan ", "e-mail aan ", "mail aan ", "bezorging aan ", "bezorgd aan ", "bezorgen aan ", "afgeleverd aan ",
        "message à ", "message adressé à ", "courriel à ", "mensaje a ", "mensaje para ", "correo a ", "messaggio a ", "messaggio per ",
        "messaggio inviato a ", "mensagem para ", "mensagem a ", "e-mail para ", "meddelande till ", "mejl till ", "e-post till ", "meddelelse til ",
        "besked til ", "mail til ", "melding til ", "meldingen din til ", "e-posten til ", "e-post til ", "wiadomość do ", "wiadomości do ",
        "wiadomość wysłana do ", "zprávu pro ", "zpráva pro ", "správu pre ", "сообщение для ", "письмо для ", "сообщение на адрес ",
        "письмо на адрес ", "osoitteeseen ", "vastaanottajalle ", "címzettnek: ",
    ],
    #[rustfmt::skip]
    headings: &[
        "folgende empfänger", "folgenden empfänger", "folgende adress", "folgenden adress", "folgende e-mail-adress", "an folgende", "an die folgenden",
        "volgende ontvanger", "volgende geadresseerde", "volgende adres", "volgende e-mailadres", "een of meer ontvangers",
        "destinataire suivant", "destinataires suivants", "adresse suivante", "adresses suivantes", "destinataire(s) suivant",
        "siguiente destinatario", "siguientes destinatarios", "siguiente dirección", "siguientes direcciones", "siguiente(s)",
        "seguente destinatario", "seguenti destinatari", "seguente indirizzo", "seguenti indirizzi",
        "seguinte destinatário", "seguintes destinatários", "seguinte endereço", "seguintes endereços",
        "följande mottagare", "följande adress", "følgende modtager", "følgende adresse", "følgende mottaker", "følgende mottakere",
        "seuraavalle vastaanottajalle", "seuraaville vastaanottajille", "seuraavaan osoitteeseen", "seuraaviin osoitteisiin",
        "następującego adresata", "następujących adresatów", "następującego odbiorcy", "następujących odbiorców", "następujący adres",
        "následujícímu příjemci", "následujícím příjemcům", "následující adres", "nasledujúcemu príjemcovi", "nasledujúcim príjemcom",
        "следующему получателю", "следующим получателям", "следующему адресу", "следующим адресам", "следующих адресатов",
        "наступному одержувачу", "наступним одержувачам", "az alábbi címzett", "a következő címzett", "aşağıdaki alıcı", "următorul destinatar",
        "următorii destinatari", "sljedećem primatelju", "sljedećim primateljima", "järgmisele saajale", "järgmistele saajatele",
    ],
};
