//! What an answer to one of our questions says, and whether a mail says it by itself.

use super::features::{self, Features, Text};
use super::model::softmax;
use super::trained;

/// A question whose answers are learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Question {
    /// Is the old device still at hand? `yes`, `no`.
    DeviceAtHand,
    /// Is there another administrator? `yes`, `no`.
    OtherAdministrator,
    /// `windows` or `linux`.
    Platform,
    /// Allow it on one machine or everywhere: `host`, `company`.
    Scope,
    /// What was detected: `file`, `behaviour`, `web`.
    Category,
    /// Any other question that is answered by `yes` or `no`.
    YesNo,
}

/// What was answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    /// The choice's name.
    pub label: &'static str,
    /// How likely it is meant.
    pub probability: f32,
}

/// What a class is called that is no answer: something unclear, or nothing about it.
pub const NOTHING: &str = "unclear";

impl Question {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::DeviceAtHand, Self::OtherAdministrator, Self::Platform, Self::Scope, Self::Category, Self::YesNo];

    /// The question that a field asks: by its name where it has the choices that were learnt, else a question for yes or no.
    pub fn of(field: &str, choices: &[&str]) -> Option<Self> {
        let named = Self::ALL.into_iter().find(|question| question.as_str() == field && *question != Self::YesNo);
        let question = named.unwrap_or(Self::YesNo);
        let all = choices.iter().all(|choice| question.labels().contains(choice));
        (all && choices.len() == question.labels().len()).then_some(question)
    }

    /// The name of its field.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DeviceAtHand => "device_at_hand",
            Self::OtherAdministrator => "other_administrator",
            Self::Platform => "platform",
            Self::Scope => "scope",
            Self::Category => "category",
            Self::YesNo => "yes-no",
        }
    }

    /// What may be answered.
    pub fn labels(self) -> &'static [&'static str] {
        match self {
            Self::DeviceAtHand | Self::OtherAdministrator | Self::YesNo => &["yes", "no"],
            Self::Platform => &["windows", "linux"],
            Self::Scope => &["host", "company"],
            Self::Category => &["file", "behaviour", "web"],
        }
    }

    /// The model that reads its answers.
    pub fn model(self) -> &'static str {
        match self {
            Self::DeviceAtHand | Self::OtherAdministrator | Self::YesNo => "answer.yes-no",
            Self::Platform => "answer.platform",
            Self::Scope => "answer.scope",
            Self::Category => "answer.category",
        }
    }

    /// The model that reads whole mails.
    pub fn stated_model(self) -> &'static str {
        match self {
            Self::DeviceAtHand => "stated.device_at_hand",
            Self::OtherAdministrator => "stated.other_administrator",
            Self::Platform => "stated.platform",
            Self::Scope => "stated.scope",
            Self::Category => "stated.category",
            Self::YesNo => "answer.yes-no",
        }
    }

    /// What is counted in an answer to it.
    pub fn features(self, words: &str) -> Features {
        let asked = (self.model() == "answer.yes-no").then(|| self.as_str());
        features::of(&Text { words, asked, ..Text::default() })
    }
}

/// What an answer to a question says; none when it is unclear. The caller decides from which probability on it is believed.
pub fn answer(question: Question, words: &str) -> Option<Answer> {
    likeliest(question.model(), question, &question.features(words))
}

/// What a mail says about a question that nobody asked yet; none when it says nothing about it.
pub fn stated(question: Question, subject: &str, words: &str) -> Option<Answer> {
    if question == Question::YesNo {
        return None;
    }
    let features = features::of(&Text { subject, words, ..Text::default() });
    likeliest(question.stated_model(), question, &features)
}

fn likeliest(model: &str, question: Question, features: &Features) -> Option<Answer> {
    let model = trained::model(model)?;
    if features.words.is_empty() {
        return None;
    }
    let all = softmax(&model.logits(&features.list));
    let (class, probability) = model.classes.iter().zip(all).max_by(|(_, one), (_, other)| one.total_cmp(other))?;
    let label = question.labels().iter().find(|label| **label == class.name)?;
    Some(Answer { label, probability })
}
