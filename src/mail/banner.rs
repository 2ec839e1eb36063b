//! The warning that a mail gateway puts above a mail from outside ("CAUTION: This email originated from outside of the
//! organization…"): nobody's words, and in another language than theirs.
//!
//! Cut is only what says three things: beware, it came from outside, and what not to do; or what is nothing but a short
//! label ("[EXTERNAL EMAIL]"). A person who writes about such warnings says one or two of them.

/// Lines of the longest banner.
const MAX_LINES: usize = 8;
/// Octets of the longest banner.
const MAX_OCTETS: usize = 1_200;
/// Banners on top of each other: the provider's and the company's.
const MAX_BANNERS: usize = 3;

/// How a banner begins.
#[rustfmt::skip]
const BEWARE: &[&str] = &[
    "caution", "warning", "attention", "external", "notice", "alert", "be careful", "be cautious", "security", "this email",
    "this e-mail", "this message", "this sender", "this mail", "you don't often get email", "some people who received this",
    "think before", "stop", "important", "beware", "exercise caution", "the sender of this", "email from", "do not click",
    "achtung", "vorsicht", "warnung", "warnhinweis", "hinweis", "extern", "diese e-mail", "diese email", "diese mail", "diese nachricht",
    "dieser absender", "sicherheitshinweis", "sie erhalten nicht oft", "sie erhalten nicht häufig", "wichtig",
    "varoitus", "huomio", "huom", "tämä viesti", "tämä sähköposti", "ulkoinen", "ulkopuolinen", "varo", "ole varovainen", "lähettäjä on",
    "prudence", "avertissement", "ce message", "cet e-mail", "cet email", "ce courriel", "externe", "mise en garde",
    "cuidado", "precaución", "atención", "advertencia", "este correo", "este mensaje", "externo", "atenzione", "avviso", "questa e-mail",
    "questa email", "questo messaggio", "esterno", "varning", "obs", "detta", "det här", "externt", "advarsel", "denne", "ekstern",
    "forsiktig", "pas på", "let op", "waarschuwing", "deze e-mail", "deze mail", "dit bericht", "atenção", "aviso", "esta mensagem",
    "este e-mail", "este email", "uwaga", "ostrzeżenie", "ta wiadomość", "внимание", "предупреждение", "это письмо", "注意", "警告",
    "此邮件", "このメール", "外部",
];

/// That it came from outside.
#[rustfmt::skip]
const OUTSIDE: &[&str] = &[
    "external email", "external e-mail", "external mail", "external sender", "external source", "external address", "external message",
    "external party", "is external", "outside of", "outside the", "outside your", "outside our", "from outside", "outside organi",
    "often get email from", "often receive email from", "not from your organi", "unknown sender", "email is from an external", "external to",
    "externe e-mail", "externe email", "externe mail", "externen e-mail", "externer absender", "externen absender", "externe nachricht",
    "externen quelle", "von extern", "von außerhalb", "außerhalb der", "außerhalb des", "außerhalb unser", "außerhalb ihr", "nicht oft e-mails von",
    "nicht häufig e-mails", "von aussen", "ausserhalb", "organisaation ulkopuol", "organisaatiosi ulkopuol", "ulkopuolelta", "ulkopuolinen",
    "ulkoinen viesti", "ulkoinen sähköposti", "ulkoinen lähettäjä", "ulkoiselta lähettäjältä", "ulkoisesta osoitteesta", "talon ulkopuol",
    "expéditeur externe", "e-mail externe", "email externe", "courriel externe", "message externe", "source externe", "l'extérieur",
    "externe à", "en dehors de", "correo externo", "remitente externo", "mensaje externo", "fuera de", "origen externo", "exterior de",
    "mittente esterno", "email esterna", "e-mail esterna", "all'esterno", "esterna all", "esterno all", "di fuori", "dall'esterno",
    "extern avsändare", "externt e-post", "externt mejl", "utanför", "externt meddelande", "ekstern avsender", "ekstern e-post", "ekstern mail",
    "ekstern e-mail", "ekstern afsender", "utenfor", "udefra", "uden for", "externe afzender", "externe bron", "buiten", "remetente externo",
    "e-mail externo", "email externo", "fora da", "fora de", "nadawca zewnętrzny", "zewnętrzny nadawca", "zewnętrznego", "spoza", "извне",
    "внешн", "за пределами", "外部", "組織外", "社外",
];

/// What not to do.
#[rustfmt::skip]
const INSTEAD: &[&str] = &[
    "click", "links", "a link", "attachment", "recognize the sender", "recognise the sender", "know the sender", "be cautious", "caution when",
    "verify", "learn why this is important", "report", "phishing", "trust", "think before", "care when", "credentials",
    "klick", "anhäng", "anhang", "verlinkung", "absender kennen", "absender vertrau", "vorsicht", "erfahren sie, warum", "misstrau",
    "linkkejä", "linkkiä", "liitteitä", "liitteiden", "liitetiedosto", "klikkaa", "avaa", "varovainen", "tunnista", "luotat",
    "cliquez", "pièces jointes", "pièce jointe", "liens", "prudent", "enlaces", "adjuntos", "haga clic", "vínculos", "collegamenti",
    "allegati", "cliccare", "bilagor", "länkar", "klicka", "lenker", "vedlegg", "vedhæft", "klik", "bijlagen", "koppelingen", "anexos",
    "clique", "załącznik", "linki", "klika", "вложен", "ссыл", "附件", "链接", "添付", "リンク", "クリック",
];

/// Labels that are a banner by themselves.
#[rustfmt::skip]
const LABELS: &[&str] = &[
    "external", "external email", "external e-mail", "external mail", "external sender", "external message", "email from external sender",
    "email from an external sender", "this email is from an external sender", "this message is from an external sender",
    "this email originated from outside", "this is an external email", "this message came from outside",
    "this message came from outside your organization", "this message came from outside the organization", "this email came from outside your organization", "sent from outside the organization",
    "extern", "externe e-mail", "externe email", "externe mail", "externer absender", "externe nachricht", "e-mail von extern", "mail von extern",
    "e-mail von externem absender", "ulkoinen", "ulkoinen viesti", "ulkoinen sähköposti", "ulkoinen lähettäjä", "ulkopuolinen lähettäjä",
    "expéditeur externe", "e-mail externe", "message externe", "courriel externe", "correo externo", "remitente externo", "mittente esterno",
    "email esterna", "e-mail esterna", "extern avsändare", "externt mejl", "externt e-postmeddelande", "ekstern avsender", "ekstern e-post",
    "ekstern afsender", "ekstern mail", "externe afzender", "externe e-mail", "remetente externo", "e-mail externo", "nadawca zewnętrzny",
    "wiadomość zewnętrzna", "внешняя почта", "внешний отправитель", "外部邮件", "外部メール",
];

/// The banners above a text, and the text below them. There is none where nothing stands below.
pub fn cut(text: &str) -> (&str, &str) {
    let mut below = text;
    for _ in 0..MAX_BANNERS {
        let Some(rest) = one(below) else { break };
        below = rest;
    }
    let head = text.len() - below.len();
    text.split_at_checked(head).unwrap_or(("", text))
}

/// The marks that one gateway (Proofpoint) leaves around its banner in the text part, where the HTML hides them.
const FRAME: (&str, &str) = ("BannerStart", "BannerEnd");

/// What stands below a banner between such marks: `ZjQcmQRYFpfptBannerStart`, alone on its line.
fn framed(text: &str) -> Option<&str> {
    let is_mark = |line: &str, end: &str| line.trim().ends_with(end) && !line.trim().contains(char::is_whitespace);
    let start = after_rules(text);
    let mut at = start;
    for (number, line) in text.get(start..)?.split_inclusive('\n').enumerate().take(MAX_LINES) {
        at += line.len();
        if number == 0 && !is_mark(line, FRAME.0) {
            return None;
        }
        if is_mark(line, FRAME.1) {
            let rest = text.get(at..)?;
            return rest.get(after_rules(rest)..).filter(|rest| !rest.trim().is_empty());
        }
    }
    None
}

/// What stands below one banner.
fn one(text: &str) -> Option<&str> {
    if let Some(below) = framed(text) {
        return Some(below);
    }
    let start = after_rules(text);
    let mut end = start;
    let mut found = false;
    for (number, line) in text.get(start..)?.split_inclusive('\n').enumerate().take(MAX_LINES) {
        let goes_on = found && !starts_anew(text.get(start..end)?, line);
        if line.trim().is_empty() || (found && !goes_on) {
            break;
        }
        end += line.len();
        let so_far = text.get(start..end).filter(|so_far| so_far.len() <= MAX_OCTETS)?;
        found = found || warns(so_far) || (number == 0 && is_label(so_far));
    }
    let rest = text.get(end..).filter(|_| found)?;
    let rest = rest.get(after_rules(rest)..)?;
    (!rest.trim().is_empty()).then_some(rest)
}

/// Whether a line below what is a banner already no longer belongs to it: the sentence above is whole, and the line says
/// nothing that banners say.
fn starts_anew(banner: &str, line: &str) -> bool {
    let whole = banner.trim_end().ends_with(['.', '!', ']', '*', ':', '»', '。', '>', ')']) || is_label(banner);
    whole && !INSTEAD.iter().any(|words| plain(line).contains(words))
}

/// Octets of the empty lines and drawn lines at the start.
fn after_rules(text: &str) -> usize {
    let drawn = |line: &&str| line.trim().chars().all(|c| "-_=*#~+|─━═".contains(c));
    text.split_inclusive('\n').take_while(drawn).map(str::len).sum()
}

fn warns(text: &str) -> bool {
    let text = plain(text);
    let begins = BEWARE.iter().any(|words| text.starts_with(words));
    begins && OUTSIDE.iter().any(|words| text.contains(words)) && INSTEAD.iter().any(|words| text.contains(words))
}

fn is_label(line: &str) -> bool {
    let line = plain(line);
    let line = line.trim_matches(|c: char| !c.is_alphanumeric());
    let bare =
        line.split_once([':', '-', '–']).filter(|(lead, _)| BEWARE.contains(&lead.trim())).map(|(_, rest)| rest.trim());
    LABELS.contains(&line) && !matches!(line, "external" | "extern" | "ulkoinen")
        || bare.is_some_and(|label| LABELS.contains(&label))
}

/// Lower case, on one line, without the marks that banners are decorated with.
fn plain(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().replace('’', "'");
    words.trim_start_matches(|c: char| !c.is_alphanumeric()).replace(['*', '_'], "")
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn banners_are_cut() {
        for banner in [
            "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender.",
            "CAUTION: This email originated from outside of the organization. Do not click links or open\nattachments unless you recognize the sender and know the content is safe.",
            "[EXTERNAL EMAIL]",
            "*** EXTERNAL SENDER ***",
            "⚠ Warning: External email",
            "You don't often get email from anna@customer.test. Learn why this is important<https://aka.ms/LearnAboutSenderIdentification>",
            "ACHTUNG: Diese E-Mail kommt von außerhalb des Unternehmens. Klicken Sie nicht auf Links und öffnen Sie keine Anhänge.",
            "Externe E-Mail: Bitte öffnen Sie Anhänge und Links nur, wenn Sie den Absender kennen.",
            "VAROITUS: Tämä viesti on lähetetty organisaation ulkopuolelta. Älä avaa linkkejä tai liitteitä, ellet tunnista lähettäjää.",
            "ATTENTION : cet e-mail provient d'un expéditeur externe. Ne cliquez pas sur les liens.",
            "VARNING: Detta mejl kommer utanför organisationen. Klicka inte på länkar.",
        ] {
            let text = format!("{banner}\n\n#reject\nThe words.");
            assert_eq!(cut(&text), (format!("{banner}\n\n").as_str(), "#reject\nThe words."), "{banner}");
            let ruled = format!("{banner}\n________________________________\n\nThe words.");
            assert_eq!(cut(&ruled).1, "The words.", "{banner}");
        }
    }

    #[test]
    fn between_marks() {
        let banner = "ZjQcmQRYFpfptBannerStart\nThis Message Is From an External Sender\nThis message came from outside your organization.\nZjQcmQRYFpfptBannerEnd\n";
        assert_eq!(cut(&format!("{banner}The words.")), (banner, "The words."));
        let open = "ZjQcmQRYFpfptBannerStart\n\nThe words.";
        assert_eq!(cut(open), ("", open));
        let two =
            "This Message Is From an External Sender\nThis message came from outside your organization.\n\nThe words.";
        assert_eq!(cut(two).1, "The words.");
    }

    #[test]
    fn without_an_empty_line_below() {
        let text = "CAUTION: This email originated from outside of the organization. Do not click links.\nGuten Tag,\nder Drucker.";
        assert_eq!(cut(text).1, "Guten Tag,\nder Drucker.");
        let two = "[EXTERNAL EMAIL]\nWarning: this message came from outside. Do not open attachments.\n\nHello";
        assert_eq!(cut(two).1, "Hello");
    }

    #[test]
    fn peoples_words_stay() {
        for text in [
            "",
            "Hello",
            "[EXTERNAL EMAIL]",
            "Attention: mails from outside the organization are refused since today.\n\nAnna",
            "External email does not work.\n\nPlease help.",
            "External\n\nInternal",
            "Warning: the printer says that the links are broken.\n\nAnna",
            "This email address is outside of our domain, is that right?\n\nAnna",
            "Hello,\n\nwe see \"CAUTION: This email originated from outside. Do not click links\" on every mail.",
        ] {
            assert_eq!(cut(text), ("", text), "{text}");
        }
    }
}
