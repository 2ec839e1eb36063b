//! Logistic regression over hashed features: AdaGrad, one pass after the other over the samples in a fixed order.

use std::collections::{BTreeMap, HashMap};

use caseway::intent::features::Feature;
use caseway::intent::model::{Class, Model, softmax};

/// One text of which it is known what it says.
#[derive(Debug, Clone)]
pub struct Sample {
    pub features: Vec<Feature>,
    /// What it says, as the position of its class.
    pub label: usize,
    /// Who wrote it: nobody is both learnt from and measured on.
    pub writer: String,
}

/// What training is done with.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    pub bits: u32,
    pub passes: u32,
    pub rate: f32,
    /// Keeps weights small.
    pub decay: f32,
    /// Features of fewer writers are left out: they tell who writes, not what.
    pub writers: usize,
}

/// Weights before they are rounded.
pub struct Weights {
    pub bits: u32,
    pub many: usize,
    pub bias: Vec<f32>,
    pub rows: Vec<f32>,
}

impl Weights {
    pub fn logits(&self, features: &[Feature]) -> Vec<f32> {
        let mut sums = self.bias.clone();
        for feature in features {
            for (sum, weight) in sums.iter_mut().zip(self.row(feature.bucket)) {
                *sum += weight * feature.value;
            }
        }
        sums
    }

    fn row(&self, bucket: u32) -> &[f32] {
        let at = (bucket & ((1 << self.bits) - 1)) as usize * self.many;
        &self.rows[at..at + self.many]
    }

    /// Rounded to octets.
    pub fn quantised(&self, name: &str, classes: &[&str], temperature: f32) -> Model {
        let scale = |class: usize| {
            let most =
                self.rows.iter().skip(class).step_by(self.many).fold(0.0_f32, |most, weight| most.max(weight.abs()));
            (most / 127.0).max(f32::MIN_POSITIVE)
        };
        let scales: Vec<f32> = (0..self.many).map(scale).collect();
        let weights = self.rows.iter().enumerate().map(|(at, weight)| (weight / scales[at % self.many]).round() as i8);
        let class =
            |(at, name): (usize, &&str)| Class { name: (*name).to_owned(), bias: self.bias[at], scale: scales[at] };
        Model {
            name: name.to_owned(),
            classes: classes.iter().enumerate().map(class).collect(),
            bits: self.bits,
            temperature,
            weights: weights.collect(),
        }
    }
}

/// Trains on samples.
pub fn train(samples: &[&Sample], many: usize, with: Settings) -> Weights {
    let kept = frequent(samples, with);
    let mask = (1_u32 << with.bits) - 1;
    let size = (1_usize << with.bits) * many;
    let mut weights = Weights { bits: with.bits, many, bias: vec![0.0; many], rows: vec![0.0; size] };
    let mut squares = vec![1e-3_f32; size];
    let mut bias_squares = vec![1e-3_f32; many];
    let mut order: Vec<usize> = (0..samples.len()).collect();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let prepared: Vec<Vec<(usize, f32)>> = samples
        .iter()
        .map(|sample| {
            let used = sample.features.iter().filter(|feature| kept[(feature.bucket & mask) as usize]);
            used.map(|feature| ((feature.bucket & mask) as usize * many, feature.value)).collect()
        })
        .collect();
    for pass in 0..with.passes {
        let rate = with.rate / (1.0 + pass as f32 * 0.15);
        shuffle(&mut order, &mut random);
        for &at in &order {
            let mut logits = weights.bias.clone();
            for &(row, value) in &prepared[at] {
                for (sum, weight) in logits.iter_mut().zip(&weights.rows[row..row + many]) {
                    *sum += weight * value;
                }
            }
            let mut errors = softmax(&logits);
            errors[samples[at].label] -= 1.0;
            for (class, error) in errors.iter().enumerate() {
                bias_squares[class] += error * error;
                weights.bias[class] -= 0.3 * rate * error / bias_squares[class].sqrt();
            }
            for &(row, value) in &prepared[at] {
                let rows = weights.rows[row..row + many].iter_mut().zip(&mut squares[row..row + many]);
                for ((weight, square), error) in rows.zip(&errors) {
                    let slope = error * value + with.decay * *weight;
                    *square += slope * slope;
                    *weight -= rate * slope / square.sqrt();
                }
            }
        }
    }
    weights
}

/// Which buckets enough writers use.
fn frequent(samples: &[&Sample], with: Settings) -> Vec<bool> {
    let mask = (1_u32 << with.bits) - 1;
    let names: BTreeMap<&str, usize> = samples.iter().map(|sample| sample.writer.as_str()).zip(0..).collect();
    let mut seen: Vec<Vec<usize>> = vec![Vec::new(); 1 << with.bits];
    for sample in samples {
        let writer = names[sample.writer.as_str()];
        for feature in &sample.features {
            let writers = &mut seen[(feature.bucket & mask) as usize];
            if writers.len() < with.writers && !writers.contains(&writer) {
                writers.push(writer);
            }
        }
    }
    seen.iter().map(|writers| writers.len() >= with.writers).collect()
}

fn shuffle(order: &mut [usize], random: &mut u64) {
    for at in (1..order.len()).rev() {
        *random ^= *random << 13;
        *random ^= *random >> 7;
        *random ^= *random << 17;
        order.swap(at, (*random % (at as u64 + 1)) as usize);
    }
}

/// In which of `folds` parts each writer is.
pub fn folds(samples: &[Sample], folds: usize) -> HashMap<String, usize> {
    let mut writers: Vec<&str> = samples.iter().map(|sample| sample.writer.as_str()).collect();
    writers.sort_unstable();
    writers.dedup();
    let mut order: Vec<usize> = (0..writers.len()).collect();
    shuffle(&mut order, &mut 0x2545_f491_4f6c_dd1d);
    order.iter().enumerate().map(|(at, writer)| (writers[*writer].to_owned(), at % folds)).collect()
}

/// Logits of every sample by weights that were trained without its writer.
pub fn held_out(samples: &[Sample], many: usize, with: Settings, parts: usize) -> Vec<Vec<f32>> {
    let fold = folds(samples, parts);
    let mut logits = vec![Vec::new(); samples.len()];
    let trained: Vec<Weights> = std::thread::scope(|scope| {
        let jobs: Vec<_> = (0..parts)
            .map(|part| {
                let fold = &fold;
                scope.spawn(move || {
                    let known: Vec<&Sample> = samples.iter().filter(|sample| fold[&sample.writer] != part).collect();
                    train(&known, many, with)
                })
            })
            .collect();
        jobs.into_iter().map(|job| job.join().unwrap()).collect()
    });
    for (sample, logits) in samples.iter().zip(&mut logits) {
        *logits = trained[fold[&sample.writer]].logits(&sample.features);
    }
    logits
}

/// The temperature by which probabilities fit best.
pub fn temperature(samples: &[Sample], logits: &[Vec<f32>]) -> f32 {
    let loss = |temperature: f32| -> f32 {
        let one = |(sample, logits): (&Sample, &Vec<f32>)| {
            let cooled: Vec<f32> = logits.iter().map(|logit| logit / temperature).collect();
            -softmax(&cooled)[sample.label].max(1e-9).ln()
        };
        samples.iter().zip(logits).map(one).sum()
    };
    let tried = (4..60).map(|step| step as f32 * 0.05);
    tried.min_by(|one, other| loss(*one).total_cmp(&loss(*other))).unwrap_or(1.0)
}
