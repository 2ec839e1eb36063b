//! Circles in a graph.

use std::collections::{BTreeMap, BTreeSet};

type Graph<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// The sets, of two members or more, whose members all lead to each other.
pub fn circles<'a>(graph: &Graph<'a>) -> Vec<BTreeSet<&'a str>> {
    let reach: Graph = graph.keys().map(|from| (*from, reached(graph, from))).collect();
    let mut found: Vec<BTreeSet<&str>> = Vec::new();
    for (from, to) in &reach {
        if to.contains(from) && !found.iter().any(|circle| circle.contains(from)) {
            found.push(to.iter().copied().filter(|other| reach[other].contains(from)).collect());
        }
    }
    found
}

/// What `from` leads to, by any number of steps.
fn reached<'a>(graph: &Graph<'a>, from: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut next: Vec<&str> = graph[from].iter().copied().collect();
    while let Some(at) = next.pop() {
        if found.insert(at) {
            next.extend(graph[at].iter().copied());
        }
    }
    found
}
