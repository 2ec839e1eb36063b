//! Subjects of delivery reports in the languages of mail servers.

use super::undelivered;

/// Whether a subject is that of a report. It must begin with the words (behind tags in brackets): a person who
/// writes of a bounce puts other words first, or an answer mark, which the caller looks for.
pub fn is_report(subject: &str) -> bool {
    let subject = untagged(subject);
    STARTS.iter().flat_map(|(_, starts)| *starts).any(|start| subject.starts_with(start))
        || INSIDE.iter().any(|words| subject.contains(words))
        || undelivered::is_subject(&subject)
}

/// Whether a subject tells of a server that is still trying.
pub fn is_delay(subject: &str) -> bool {
    let subject = untagged(subject);
    DELAYS.iter().any(|words| subject.contains(words))
}

/// Lower case, without tags such as `[EXTERNAL]`, `***SPAM***`.
fn untagged(subject: &str) -> String {
    let mut rest = subject.trim_start();
    for _ in 0..3 {
        rest = match rest.strip_prefix('[').and_then(|tag| tag.split_once(']')) {
            Some((tag, after)) if tag.len() <= 30 => after.trim_start(),
            _ => break,
        };
    }
    rest.trim_start_matches(|c: char| c.is_whitespace() || "*\"'<【".contains(c)).to_lowercase().replace('’', "'")
}

#[rustfmt::skip]
const DELAYS: &[&str] = &[
    "(delay)", "delayed", "delay notification", "warning: could not send", "warning: message",
    "not yet been delivered", "still being retried", "verzögert", "retardé", "retrasad", "ritard", "vertraagd",
    "atrasad", "opóźni", "viivästy", "försenad", "forsinket", "задерж", "延迟", "延遲", "遅延",
];

/// Words that stand behind others: a sender's name for itself, a queue id.
#[rustfmt::skip]
const INSIDE: &[&str] = &[
    "mail delivery failed", "delivery status notification", "returned mail:", "undelivered mail returned to sender",
    "delivery failure", "could not be delivered",
];

#[rustfmt::skip]
const STARTS: &[(&str, &[&str])] = &[
    ("en", &[
            "undeliverable", "undelivered", "unable to deliver", "non-delivery", "nondelivery", "non delivery",
            "nondeliverable", "delivery failure", "delivery failed", "delivery has failed",
            "delivery fail", "delivery status", "delivery notification", "delivery report", "delivery problem",
            "delivery error", "delivery delayed", "delivery unsuccessful", "delayed mail", "delayed:",
            "delivery delay", "mail delivery", "mail system error", "mail could not be delivered", "mail failed",
            "mail not delivered", "mail returned", "mail error", "mail status report", "failure notice",
            "failure delivery", "failed delivery", "failed mail", "failed to deliver", "failure:",
            "failure notification", "returned mail", "returned message", "returned email", "returned to sender",
            "returned e-mail", "message delivery", "message undeliverable", "message could not be delivered",
            "message not delivered", "message delayed", "message status - undeliverable",
            "message you sent blocked", "message rejected", "email delivery failure", "email not delivered",
            "e-mail delivery failure", "email could not be delivered", "warning: message",
            "warning: could not send", "warning - delayed mail", "there was an error sending your mail",
            "bounced mail", "bounce notification", "bounce message", "notification of delivery",
            "notice of undelivered", "postfix smtp server: errors", "rejected mail",
            "could not deliver", "couldn't deliver", "user unknown", "error sending message", "loop alert", "ndn:",
            "ndr:", "aws notification message", "mdaemon warning", "deliver fail", "dsn:",
        ]),
    ("de", &[
            "unzustellbar", "nicht zustellbar", "nicht zugestellt", "zustellung fehlgeschlagen", "zustellfehler",
            "zustellungsfehler", "zustellungsstatus", "fehlgeschlagene zustellung", "nachricht nicht zugestellt",
            "nachricht konnte nicht", "mail konnte nicht", "e-mail konnte nicht", "e-mail nicht zugestellt",
            "fehler bei der zustellung", "benachrichtigung zum übermittlungsstatus", "übermittlung fehlgeschlagen",
            "übermittlungsfehler", "zustellverzögerung", "warnung: nachricht", "rückläufer",
            "ihre nachricht konnte nicht",
        ]),
    ("fr", &[
            "non remis", "non délivr", "non distribu", "échec de la remise", "échec de remise",
            "échec de la distribution", "échec de livraison", "échec de l'envoi", "echec de la remise",
            "echec de l'envoi", "notification d'état de remise", "notification d'état de la distribution",
            "message non remis", "message non distribu", "mail non délivré", "retour de courrier",
            "remise impossible", "impossible de remettre", "courrier non délivré", "avis de non-remise",
        ]),
    ("es", &[
            "no se puede entregar", "no se pudo entregar", "no se ha podido entregar", "no entregado",
            "no entregable", "error de entrega", "error en la entrega", "fallo en la entrega", "fallo de entrega",
            "falla en la entrega", "mensaje no entregado", "mensaje devuelto", "correo devuelto",
            "notificación de estado de entrega", "notificación del estado de la entrega", "imposible entregar",
            "entrega fallida", "devuelto:",
        ]),
    ("it", &[
            "non recapitabile", "mancato recapito", "mancata consegna", "avviso di mancat", "consegna non riuscita",
            "consegna fallita", "errore di consegna", "errore nella consegna", "messaggio non recapit",
            "messaggio non consegnat", "messaggio respinto", "notifica sullo stato", "notifica di stato",
            "impossibile recapitare", "impossibile consegnare",
        ]),
    ("nl", &[
            "onbestelbaar", "onbestelbare", "niet-bezorgbaar", "niet bezorgbaar", "niet bezorgd", "niet afgeleverd", "bezorging mislukt", "aflevering mislukt",
            "bezorgfout", "kan niet worden bezorgd", "bericht niet bezorgd", "e-mail niet bezorgd",
            "melding over de bezorgstatus", "bezorgstatus",
        ]),
    ("pt", &[
            "não entregue", "não foi possível entregar", "não é possível entregar", "não entregável",
            "falha na entrega", "falha de entrega", "erro na entrega", "erro de entrega", "mensagem não entregue",
            "mensagem devolvida", "e-mail devolvido", "notificação de status de entrega",
            "notificação de estado de entrega", "devolvida:", "devolvido ao remetente",
        ]),
    ("pl", &[
            "niedostarczon", "niedostarczaln", "nie można dostarczyć", "nie dostarczono", "nie doręczono",
            "niedoręczon", "nieudane dostarczenie", "błąd dostarcz", "zwrot poczty", "zwrot wiadomości",
            "wiadomość niedostarczona", "powiadomienie o stanie dostar", "dostarczenie nie powiodło",
        ]),
    ("fi", &[
            "ei voi toimittaa", "ei voida toimittaa", "ei voitu toimittaa", "toimittaminen epäonnistui",
            "toimitus epäonnistui", "toimittamaton", "toimitusvirhe", "viestiä ei voitu", "viestin toimitus",
            "viestin toimittaminen", "palautettu viesti", "palautettu posti", "ilmoitus toimituksen tilasta",
            "perille toimittamat",
        ]),
    ("sv", &[
            "kan inte levereras", "kunde inte levereras", "ej levererbar", "olevererbar", "ej levererat",
            "inte levererat", "oleverbar", "leveransfel", "leverans misslyckades", "misslyckad leverans",
            "leveransstatus", "meddelandet kunde inte", "returnerad post", "returnerat",
        ]),
    ("da", &[
            "kan ikke leveres", "kunne ikke leveres", "ikke leveret", "ikke-leveret", "uleveret", "leveringsfejl",
            "levering mislykkedes", "leveringsstatus", "returneret post", "returneret mail",
            "meddelelsen kunne ikke",
        ]),
    ("no", &[
            "kan ikke leveres", "kunne ikke leveres", "ikke levert", "ulevert", "uleverbar", "leveringsfeil",
            "levering mislyktes", "leveringsstatus", "returnert e-post", "returnert melding",
            "meldingen kunne ikke",
        ]),
    ("ru", &[
            "не доставлено", "недоставлен", "не удается доставить", "не удаётся доставить", "не удалось доставить",
            "невозможно доставить", "ошибка доставки", "сбой доставки", "сообщение не доставлено",
            "письмо не доставлено", "уведомление о состоянии доставки", "уведомление о недоставке", "возврат почты",
            "возвращено",
        ]),
    ("zh", &[
            "未送达", "未传递", "未傳遞", "无法送达", "无法传递", "无法投递", "無法送達", "無法傳遞", "無法投遞", "退信", "系统退信", "退件", "系統退信",
            "邮件投递失败", "邮件退回", "邮件发送失败", "投递失败", "投遞失敗", "传递失败", "傳遞失敗", "郵件傳遞失敗", "郵件退回", "投递状态通知", "传递状态通知",
            "邮件被退回",
        ]),
    ("ja", &[
            "配信不能", "配信できません", "配信できませんでした", "配信失敗", "配信エラー", "配信状態通知", "配信状況通知", "配送できません", "配送エラー", "配達不能",
            "配達できません", "未配信", "未達", "送信できません", "送信エラー", "送信失敗", "メールエラー", "メールシステムエラー", "エラーメール", "メッセージを配送できません",
            "メッセージが配信", "エラー通知", "返送",
        ]),
    ("cs", &["nedoručitelné", "nedoručeno", "nelze doručit", "chyba doručení"]),
    ("hu", &["kézbesíthetetlen", "nem kézbesíthető", "sikertelen kézbesítés"]),
    ("tr", &["teslim edilemedi", "iletilemedi", "teslim edilemeyen"]),
    ("el", &["δεν παραδόθηκε", "αδύνατη η παράδοση", "μη παραδοτέο"]),
    ("ko", &["배달되지 않음", "배달 실패", "전송 실패", "반송"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_lower_case() {
        for (language, starts) in STARTS {
            for start in *starts {
                assert_eq!(*start, start.to_lowercase(), "{language}");
            }
        }
    }

    #[test]
    fn reports_and_not() {
        for subject in [
            "Undeliverable: x",
            "[EXT] Mail delivery failed: returning message to sender",
            "Unzustellbar: x",
            "Non remis : x",
            "No se puede entregar: x",
            "配信不能: x",
            "Re: no",
        ] {
            assert_eq!(is_report(subject), subject != "Re: no", "{subject}");
        }
        for subject in ["Question on delivery of order 7", "How do I deliver?", "My mail to you comes back", ""] {
            assert!(!is_report(subject), "{subject}");
        }
        assert!(
            is_delay("Delivery Status Notification (Delay)") && !is_delay("Delivery Status Notification (Failure)")
        );
    }
}
