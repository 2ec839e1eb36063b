//! Forms of an administrator's own, learnt from a few examples when the program starts.
//!
//! Each form is one more class beside those that were learnt beforehand, whose weights stay as they are. Its own weights are
//! trained on its examples, and against the other forms' examples and the mails of `background.txt`.

use super::features::{BUCKETS, Feature, Features};
use super::model::{Model, softmax};
use super::trained;
use super::wish::{MODEL, Said};

/// Passes over all examples; there are a few hundred.
const PASSES: u32 = 24;
const RATE: f32 = 0.5;
/// Keeps weights small.
const DECAY: f32 = 2e-4;
/// Where the logit of a class begins of which nothing is known.
const BIAS: f32 = -1.0;

/// What was learnt from the examples of forms.
#[derive(Debug, Clone, Default)]
pub struct Taught {
    classes: Vec<Learnt>,
}

#[derive(Debug, Clone)]
struct Learnt {
    name: String,
    bias: f32,
    weights: Vec<f32>,
}

struct Example {
    features: Vec<Feature>,
    /// The logits of the classes that were learnt beforehand.
    logits: Vec<f32>,
    /// The position of its form; none for one of the background.
    form: Option<usize>,
}

impl Taught {
    /// Learns forms by their names and examples; those without examples are left out.
    pub fn new<'a>(forms: impl Iterator<Item = (&'a str, &'a [String])>) -> Self {
        let forms: Vec<(&str, &[String])> = forms.filter(|(_, examples)| !examples.is_empty()).collect();
        let class = |(name, _): &(&str, &[String])| Learnt {
            name: (*name).to_owned(),
            bias: BIAS,
            weights: vec![0.0; BUCKETS as usize],
        };
        let mut taught = Self { classes: forms.iter().map(class).collect() };
        let Some(model) = trained::model(MODEL).filter(|_| !forms.is_empty()) else { return Self::default() };
        let given = forms
            .iter()
            .enumerate()
            .flat_map(|(form, (_, examples))| examples.iter().map(move |words| example(model, words, Some(form))));
        let known = trained::BACKGROUND.lines().map(|words| example(model, words, None));
        let examples: Vec<Example> = given.chain(known).collect();
        for pass in 0..PASSES {
            let rate = RATE / (1.0 + 0.1 * pass as f32);
            examples.iter().for_each(|example| taught.learn(example, rate));
        }
        taught
    }

    /// The names of the forms.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.classes.iter().map(|class| class.name.as_str())
    }

    /// The logit of each form.
    pub(super) fn logits<'a>(&'a self, features: &'a [Feature]) -> impl Iterator<Item = f32> + 'a {
        self.classes.iter().map(|class| {
            let weight = |feature: &Feature| class.weights.get(feature.bucket as usize).copied().unwrap_or_default();
            class.bias + features.iter().map(|feature| weight(feature) * feature.value).sum::<f32>()
        })
    }

    /// What each word says for a form; the strongest first.
    pub(super) fn reasons(&self, features: &Features, form: usize) -> Vec<(usize, f32)> {
        let Some(class) = self.classes.get(form) else { return Vec::new() };
        let mut said = vec![0.0_f32; features.words.len()];
        for feature in &features.list {
            let weight = class.weights.get(feature.bucket as usize).copied().unwrap_or_default();
            if let Some(sum) = feature.word.and_then(|word| said.get_mut(word as usize)) {
                *sum += weight * feature.value;
            }
        }
        let mut said: Vec<(usize, f32)> = said.into_iter().enumerate().filter(|(_, sum)| *sum > 0.0).collect();
        said.sort_by(|one, other| other.1.total_cmp(&one.1));
        said
    }

    /// One step towards an example.
    fn learn(&mut self, example: &Example, rate: f32) {
        let mut logits = example.logits.clone();
        let learnt = logits.len();
        logits.extend(self.logits(&example.features).collect::<Vec<f32>>());
        let found = softmax(&logits);
        for (form, (class, found)) in self.classes.iter_mut().zip(found.iter().skip(learnt)).enumerate() {
            let error = found - if example.form == Some(form) { 1.0 } else { 0.0 };
            class.bias -= 0.1 * rate * error;
            for feature in &example.features {
                if let Some(weight) = class.weights.get_mut(feature.bucket as usize) {
                    *weight -= rate * (error * feature.value + DECAY * *weight);
                }
            }
        }
    }
}

fn example(model: &Model, words: &str, form: Option<usize>) -> Example {
    let features = Said { words, ..Said::default() }.features().list;
    Example { logits: model.logits(&features), features, form }
}
