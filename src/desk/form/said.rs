//! What came of an engineer's command on a form, in words of their language.

use jiff::SignedDuration;

use super::read::Trouble;
use super::state::Stage;
use crate::mail::language::Language;

/// What came of one command, or why nothing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::desk) enum Said {
    /// Another engineer must approve as well.
    Approved { given: usize, needed: u32 },
    /// All have approved; what was asked for happens after this time.
    ApprovedByAll(SignedDuration),
    /// The registration goes on.
    Registration,
    /// The request ends.
    Rejected,
    /// It was approved and had begun; it is stopped.
    Stopped,
    /// A field has a value now.
    Set { field: String, value: String },
    /// The ticket has no form.
    NoForm,
    /// The form is not in the configuration any more.
    NotConfigured(String),
    /// The form is beyond the stages in which values are taken.
    NoValues(Stage),
    /// Which fields there are.
    NoField(Vec<String>),
    /// The value does not fit the field.
    Invalid(Trouble),
    /// The form waits for no approval.
    NothingToApprove(Stage),
    /// The values are not yet checked again.
    JustChanged,
    /// Nobody approves what is about themselves.
    AboutYourself,
    /// This kind of form is never approved.
    NoApproval,
    /// The form waits for no decision.
    NothingToReject(Stage),
    /// The same engineer approved before.
    ApprovedBefore,
    /// An attached registration file is none.
    NoJson(String),
}

impl Said {
    /// In one line, in one of [`Language::OF_ENGINEERS`].
    pub(in crate::desk) fn words(&self, language: Language) -> String {
        match language {
            Language::De => self.german(),
            Language::Fi => self.finnish(),
            _ => self.english(),
        }
    }

    /// Also what the ticket's history says.
    pub(in crate::desk) fn english(&self) -> String {
        match self {
            Self::Approved { given, needed } => {
                format!("approved: {given} of {needed}; another engineer must approve as well")
            }
            Self::ApprovedByAll(after) => {
                format!("approved; everybody concerned is told, and the link goes out in {after:#}")
            }
            Self::Registration => "approved; the registration goes on".to_owned(),
            Self::Stopped => "stopped; the person is told that nothing was reset".to_owned(),
            Self::Rejected => "rejected; the customer hears only what you write".to_owned(),
            Self::Set { field, value } => format!("{field} is {value}"),
            Self::NoForm => "this case has no form".to_owned(),
            Self::NotConfigured(form) => format!("the form {form} is not configured any more"),
            Self::NoValues(stage) => {
                format!("the form takes no values any more: it is {}", stand(*stage, Language::En))
            }
            Self::NoField(fields) => format!("write #set FIELD VALUE; the fields are {}", fields.join(", ")),
            Self::Invalid(trouble) => trouble.words(Language::En),
            Self::NothingToApprove(stage) => {
                format!("there is nothing to approve: the form is {}", stand(*stage, Language::En))
            }
            Self::JustChanged => "its values have just been changed: approve it when they are checked".to_owned(),
            Self::AboutYourself => "it is about yourself; other engineers must approve it".to_owned(),
            Self::NoApproval => "this form needs no approval".to_owned(),
            Self::NothingToReject(stage) => {
                format!("there is nothing to reject: the form is {}", stand(*stage, Language::En))
            }
            Self::ApprovedBefore => "you approved it already; a second engineer must".to_owned(),
            Self::NoJson(error) => format!("this is no JSON ({error}); nothing was sent to the customer"),
        }
    }

    fn german(&self) -> String {
        match self {
            Self::Approved { given, needed } => {
                format!("Freigabe {given} von {needed}; es fehlt noch eine andere Person")
            }
            Self::ApprovedByAll(after) => {
                format!("freigegeben; alle Betroffenen sind benachrichtigt, und der Link geht in {after:#} hinaus")
            }
            Self::Registration => "freigegeben; die Registrierung geht weiter".to_owned(),
            Self::Stopped => "gestoppt; die betroffene Person erfährt, dass nichts zurückgesetzt wurde".to_owned(),
            Self::Rejected => "abgelehnt; die Kundin oder der Kunde liest nur, was Sie schreiben".to_owned(),
            Self::Set { field, value } => format!("{field} ist jetzt {value}"),
            Self::NoForm => "dieser Fall hat kein Formular".to_owned(),
            Self::NotConfigured(form) => format!("das Formular {form} ist nicht mehr eingerichtet"),
            Self::NoValues(stage) => {
                format!("das Formular nimmt keine Werte mehr an (Stand: {})", stand(*stage, Language::De))
            }
            Self::NoField(fields) => format!("schreiben Sie #set FELD WERT; die Felder sind {}", fields.join(", ")),
            Self::Invalid(trouble) => trouble.words(Language::De),
            Self::NothingToApprove(stage) => {
                format!("es gibt nichts freizugeben (Stand: {})", stand(*stage, Language::De))
            }
            Self::JustChanged => "die Werte wurden gerade geändert; geben Sie frei, wenn sie geprüft sind".to_owned(),
            Self::AboutYourself => "es geht um Sie selbst; andere müssen es freigeben".to_owned(),
            Self::NoApproval => "dieses Formular braucht keine Freigabe".to_owned(),
            Self::NothingToReject(stage) => {
                format!("es gibt nichts abzulehnen (Stand: {})", stand(*stage, Language::De))
            }
            Self::ApprovedBefore => "Sie haben es schon freigegeben; eine zweite Person muss es noch tun".to_owned(),
            Self::NoJson(error) => format!("das ist kein JSON ({error}); nichts davon ging hinaus"),
        }
    }

    fn finnish(&self) -> String {
        match self {
            Self::Approved { given, needed } => {
                format!("hyväksyntä {given}/{needed}; toisen asiantuntijan on vielä hyväksyttävä se")
            }
            Self::ApprovedByAll(after) => {
                format!("hyväksytty; asiasta on kerrottu kaikille, joita se koskee, ja linkin lähetykseen on {after:#}")
            }
            Self::Registration => "hyväksytty; rekisteröinti jatkuu".to_owned(),
            Self::Stopped => "pysäytetty; henkilölle kerrotaan, ettei mitään ole nollattu".to_owned(),
            Self::Rejected => "hylätty; asiakas saa tietää vain sen, mitä kirjoitat".to_owned(),
            Self::Set { field, value } => format!("{field} on nyt {value}"),
            Self::NoForm => "tässä tapauksessa ei ole lomaketta".to_owned(),
            Self::NotConfigured(form) => format!("lomaketta {form} ei enää ole määritelty"),
            Self::NoValues(stage) => {
                format!("lomake ei enää ota vastaan arvoja (vaihe: {})", stand(*stage, Language::Fi))
            }
            Self::NoField(fields) => format!("kirjoita #set KENTTÄ ARVO; kentät ovat {}", fields.join(", ")),
            Self::Invalid(trouble) => trouble.words(Language::Fi),
            Self::NothingToApprove(stage) => format!("hyväksyttävää ei ole (vaihe: {})", stand(*stage, Language::Fi)),
            Self::JustChanged => "arvoja on juuri muutettu; hyväksy, kun ne on tarkistettu".to_owned(),
            Self::AboutYourself => "pyyntö koskee sinua itseäsi; muiden on hyväksyttävä se".to_owned(),
            Self::NoApproval => "tämä lomake ei tarvitse hyväksyntää".to_owned(),
            Self::NothingToReject(stage) => format!("hylättävää ei ole (vaihe: {})", stand(*stage, Language::Fi)),
            Self::ApprovedBefore => "olet jo hyväksynyt sen; toisen asiantuntijan on vielä hyväksyttävä se".to_owned(),
            Self::NoJson(error) => format!("tämä ei ole JSON-tiedosto ({error}); asiakkaalle ei lähetetty mitään"),
        }
    }
}

/// Where a form stands, in words that follow "it is" or "the form is" in English and a colon in the others.
fn stand(stage: Stage, language: Language) -> &'static str {
    let [english, german, finnish] = match stage {
        Stage::Asking => ["waiting for the customer's answers", "wartet auf Antwort", "odottaa vastausta"],
        Stage::Working => ["being carried out", "wird ausgeführt", "käsittelyssä"],
        Stage::Approval => ["waiting for approval", "wartet auf Freigabe", "odottaa hyväksyntää"],
        Stage::Sent => {
            ["waiting for the person it is about", "wartet auf die betroffene Person", "odottaa asianomaista"]
        }
        Stage::Cooling => [
            "approved, and only those concerned can still stop it",
            "freigegeben; die Betroffenen können es noch stoppen",
            "hyväksytty; asianosaiset voivat vielä pysäyttää sen",
        ],
        Stage::Engineer => ["with an engineer", "beim Support", "asiantuntijalla"],
        Stage::Done => ["done", "erledigt", "valmis"],
        Stage::Declined => [
            "rejected, expired or closed with its case",
            "abgelehnt, verfallen oder mit dem Fall beendet",
            "hylätty, rauennut tai päättynyt tapauksen mukana",
        ],
    };
    match language {
        Language::De => german,
        Language::Fi => finnish,
        _ => english,
    }
}
