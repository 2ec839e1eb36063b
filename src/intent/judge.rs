//! What a mail wants, and which of its words say so.

use super::concepts;
use super::examples::Taught;
use super::model::softmax;
use super::text;
use super::trained;
use super::wish::{MODEL, Said, Wish};

/// What a mail is taken to want.
#[derive(Debug, Clone, PartialEq)]
pub enum Class {
    /// One of what was learnt beforehand.
    Wish(Wish),
    /// A form of the administrator's own, by its name, known from its examples.
    Form(String),
}

/// What a mail seems to want, and what says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The likeliest first, with their probabilities; empty when nothing is said.
    pub ranked: Vec<(Class, f32)>,
    /// The words that speak most for the first.
    pub because: Vec<String>,
}

impl Judgement {
    /// How likely a class is.
    pub fn probability(&self, class: &Class) -> f32 {
        self.ranked.iter().find(|(known, _)| known == class).map_or(0.0, |(_, probability)| *probability)
    }

    /// How likely a wish is.
    pub fn of(&self, wish: Wish) -> f32 {
        self.probability(&Class::Wish(wish))
    }

    /// The likeliest.
    pub fn first(&self) -> Option<(&Class, f32)> {
        self.ranked.first().map(|(class, probability)| (class, *probability))
    }
}

/// Whether words speak of false positives: what a form that engineers carry out is for shows in its title.
pub fn speaks_of_false_positives(words: &str) -> bool {
    concepts::find(&text::tokens(words)).iter().any(|concept| concept.name == "falsepositive")
}

/// Words that are told as reasons.
const REASONS: usize = 5;

/// What a mail wants. `taught` are the administrator's own forms with examples.
pub fn judge(said: &Said<'_>, taught: &Taught) -> Judgement {
    let nothing = Judgement { ranked: Vec::new(), because: Vec::new() };
    let Some(model) = trained::model(MODEL) else { return nothing };
    let features = said.features();
    if features.words.is_empty() {
        return nothing;
    }
    let mut logits = model.logits(&features.list);
    let learnt = logits.len();
    logits.extend(taught.logits(&features.list));
    let classes = model.classes.iter().filter_map(|class| Wish::parse(&class.name)).map(Class::Wish);
    let classes = classes.chain(taught.names().map(|name| Class::Form(name.to_owned())));
    let mut ranked: Vec<(usize, Class, f32)> =
        classes.zip(softmax(&logits)).enumerate().map(|(at, (class, probability))| (at, class, probability)).collect();
    ranked.sort_by(|one, other| other.2.total_cmp(&one.2));
    let reasons = match ranked.first() {
        Some((at, _, _)) if *at < learnt => model.reasons(&features, *at),
        Some((at, _, _)) => taught.reasons(&features, at - learnt),
        None => Vec::new(),
    };
    let because = reasons.iter().take(REASONS).filter_map(|(word, _)| features.words.get(*word).cloned()).collect();
    Judgement { ranked: ranked.into_iter().map(|(_, class, probability)| (class, probability)).collect(), because }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::question::Question;

    #[test]
    fn all_models_are_there() {
        assert!(trained::FILE.len() < 2_000_000, "{}", trained::FILE.len());
        let wishes = trained::model(MODEL).map(|model| model.classes.iter().map(|class| Wish::parse(&class.name)));
        assert_eq!(wishes.unwrap().collect::<Vec<_>>(), Wish::ALL.map(|(_, wish)| Some(wish)));
        for question in Question::ALL {
            for name in [question.model(), question.stated_model()] {
                assert!(trained::model(name).is_some(), "{name}");
            }
        }
    }
}
