//! Weights that were trained, and what they make of a text's features.
//!
//! A model has one row of weights a bucket and one weight a class, each an octet: the number is the weight divided by its
//! class's scale. The sum over a text's features, plus the class's bias, divided by the temperature, is a logit; softmax makes
//! probabilities of logits. The temperature was fitted on mails of writers whom the model did not know, so that of the mails
//! that it gives 0.9, nine in ten are right.

use super::features::{Feature, Features};

/// What files of weights begin with.
pub const MAGIC: &[u8; 4] = b"CWI1";

/// One trained model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What it tells apart.
    pub name: String,
    /// The classes, in the order of the weights.
    pub classes: Vec<Class>,
    /// Buckets, as a power of two: a feature's lower bits choose its row.
    pub bits: u32,
    /// What logits are divided by.
    pub temperature: f32,
    /// One row a bucket, one signed octet a class.
    pub weights: Vec<i8>,
}

/// One class of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// The word that stands for it.
    pub name: String,
    /// Its logit where nothing is said.
    pub bias: f32,
    /// What a weight of 1 means.
    pub scale: f32,
}

/// A file of weights that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

impl Model {
    /// The logit of each class.
    pub fn logits(&self, features: &[Feature]) -> Vec<f32> {
        let mut sums = vec![0.0; self.classes.len()];
        for feature in features {
            for (sum, weight) in sums.iter_mut().zip(self.row(feature.bucket)) {
                *sum += f32::from(*weight) * feature.value;
            }
        }
        let logit = |(sum, class): (f32, &Class)| (sum * class.scale + class.bias) / self.temperature;
        sums.into_iter().zip(&self.classes).map(logit).collect()
    }

    /// What each word of a text says for a class, against the mean of the others; the strongest first.
    pub fn reasons(&self, features: &Features, class: usize) -> Vec<(usize, f32)> {
        let mut said = vec![0.0_f32; features.words.len()];
        for feature in &features.list {
            let Some(sum) = feature.word.and_then(|word| said.get_mut(word as usize)) else { continue };
            let weights = self.row(feature.bucket).iter().zip(&self.classes);
            let weights: Vec<f32> = weights.map(|(weight, class)| f32::from(*weight) * class.scale).collect();
            let mean = weights.iter().sum::<f32>() / weights.len().max(1) as f32;
            *sum += (weights.get(class).copied().unwrap_or_default() - mean) * feature.value;
        }
        let mut said: Vec<(usize, f32)> = said.into_iter().enumerate().filter(|(_, sum)| *sum > 0.0).collect();
        said.sort_by(|one, other| other.1.total_cmp(&one.1));
        said
    }

    fn row(&self, bucket: u32) -> &[i8] {
        let row = (bucket & ((1 << self.bits) - 1)) as usize;
        let width = self.classes.len();
        self.weights.get(row * width..(row + 1) * width).unwrap_or_default()
    }

    /// As it is kept in a file, behind others.
    pub fn write(&self, file: &mut Vec<u8>) {
        word(file, &self.name);
        file.push(u8::try_from(self.bits).unwrap_or_default());
        file.push(u8::try_from(self.classes.len()).unwrap_or_default());
        file.extend(self.temperature.to_le_bytes());
        for class in &self.classes {
            word(file, &class.name);
            file.extend(class.bias.to_le_bytes());
            file.extend(class.scale.to_le_bytes());
        }
        file.extend(self.weights.iter().map(|weight| weight.to_le_bytes()[0]));
    }
}

/// Probabilities of logits.
pub fn softmax(logits: &[f32]) -> Vec<f32> {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|logit| (logit - most).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

/// The models of a file.
///
/// # Errors
/// [`Broken`] when it is no file of weights, or ends early.
pub fn read(file: &[u8]) -> Result<Vec<Model>, Broken> {
    let mut rest = Reader(file);
    if rest.take(MAGIC.len())? != MAGIC {
        return Err(Broken);
    }
    let mut models = Vec::new();
    while !rest.0.is_empty() {
        models.push(rest.model()?);
    }
    Ok(models)
}

fn word(file: &mut Vec<u8>, word: &str) {
    file.push(u8::try_from(word.len()).unwrap_or_default());
    file.extend(word.bytes());
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, octets: usize) -> Result<&'a [u8], Broken> {
        let (taken, rest) = self.0.split_at_checked(octets).ok_or(Broken)?;
        self.0 = rest;
        Ok(taken)
    }

    fn octet(&mut self) -> Result<u8, Broken> {
        self.take(1)?.first().copied().ok_or(Broken)
    }

    fn number(&mut self) -> Result<f32, Broken> {
        Ok(f32::from_le_bytes(self.take(4)?.try_into().map_err(|_| Broken)?))
    }

    fn word(&mut self) -> Result<String, Broken> {
        let length = self.octet()?;
        let word = std::str::from_utf8(self.take(usize::from(length))?);
        word.map(str::to_owned).map_err(|_| Broken)
    }

    fn model(&mut self) -> Result<Model, Broken> {
        let name = self.word()?;
        let bits = u32::from(self.octet()?);
        let many = self.octet()?;
        let temperature = self.number()?;
        let mut classes = Vec::new();
        for _ in 0..many {
            classes.push(Class { name: self.word()?, bias: self.number()?, scale: self.number()? });
        }
        if bits > super::features::BITS || classes.is_empty() {
            return Err(Broken);
        }
        let weights = self.take((1 << bits) * classes.len())?.iter().map(|octet| i8::from_le_bytes([*octet])).collect();
        Ok(Model { name, classes, bits, temperature, weights })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read_again() {
        let class = |name: &str| Class { name: name.to_owned(), bias: 0.5, scale: 0.25 };
        let weights = vec![1, -2, 3, -128, 127, 0, 0, 9];
        let model =
            Model { name: "m".to_owned(), classes: vec![class("a"), class("b")], bits: 2, temperature: 2.0, weights };
        let mut file = MAGIC.to_vec();
        model.write(&mut file);
        model.write(&mut file);
        assert_eq!(read(&file), Ok(vec![model.clone(), model.clone()]));
        assert_eq!(read(&file[..file.len() - 1]), Err(Broken));
        assert_eq!(read(b"nonsense"), Err(Broken));
        let feature = Feature { bucket: 5, value: 2.0, word: None };
        assert_eq!(model.logits(&[feature]), [(3.0 * 2.0 * 0.25 + 0.5) / 2.0, (-128.0 * 2.0 * 0.25 + 0.5) / 2.0]);
    }

    #[test]
    fn probabilities_sum_up() {
        let found = softmax(&[1.0, 2.0, 900.0]);
        assert!((found.iter().sum::<f32>() - 1.0).abs() < 1e-6 && found[2] > 0.99);
    }
}
