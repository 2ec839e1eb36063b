//! Which file of `src` names something of which other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::tokens::{Token, shipped, texts, tokens};

/// The way to a module or an item from the top: `["desk", "form", "State"]`.
type Names = Vec<String>;

/// One file of `src`, which is one module.
struct Module {
    /// Below `src`, with `/`.
    file: String,
    tokens: Vec<Token>,
    /// What it imports, and thereby hands on: the name here, and what it is.
    imports: BTreeMap<String, Names>,
    /// All paths in it, from the top.
    paths: BTreeSet<Names>,
}

/// All files of `src` that are shipped: those that only tests compile are left out.
pub struct Files {
    modules: BTreeMap<Names, Module>,
}

impl Files {
    pub fn read() -> Files {
        let mut modules = BTreeMap::new();
        for path in rust_files(&source()) {
            let file = path.strip_prefix(source()).unwrap().to_str().unwrap().replace('\\', "/");
            let mut names: Names = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
            if names.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib")) {
                names.pop();
            }
            let is_test = names.iter().any(|name| name == "tests" || name.ends_with("_tests"));
            if is_test || file == "main.rs" {
                continue;
            }
            let tokens = shipped(&tokens(&std::fs::read_to_string(&path).unwrap()));
            modules.insert(names, Module { file, tokens, imports: BTreeMap::new(), paths: BTreeSet::new() });
        }
        let mut files = Files { modules };
        for names in files.modules.keys().cloned().collect::<Vec<_>>() {
            let (imports, mut paths) = files.imports(&names);
            paths.extend(files.inline(&names, &imports));
            let module = files.modules.get_mut(&names).unwrap();
            (module.imports, module.paths) = (imports, paths);
        }
        files
    }

    /// Each file, and those that it names something of.
    pub fn uses(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let uses = |names: &Names, module: &Module| {
            let used = module.paths.iter().map(|path| self.home(path)).filter(|home| home != names);
            used.filter(|home| !home.is_empty()).map(|home| self.modules[&home].file.as_str()).collect()
        };
        self.modules.iter().map(|(names, module)| (module.file.as_str(), uses(names, module))).collect()
    }

    /// What `from` names of `to`, as paths from the top.
    pub fn names(&self, from: &str, to: &str) -> Vec<String> {
        let from = self.modules.values().find(|module| module.file == from).unwrap();
        let of = |path: &&Names| self.modules.get(&self.home(path)).is_some_and(|home| home.file == to);
        from.paths.iter().filter(of).map(|path| path.join("::")).collect()
    }

    /// The tokens of each file.
    pub fn tokens(&self) -> impl Iterator<Item = (&str, &[Token])> {
        self.modules.values().map(|module| (module.file.as_str(), module.tokens.as_slice()))
    }

    /// The module where what `path` names is written: a name that a module only hands on is looked for where it comes from.
    fn home(&self, path: &Names) -> Names {
        let mut path = path.clone();
        for _ in 0..16 {
            let depth = self.depth(&path);
            let handed_on =
                path.get(depth).and_then(|name| self.modules[&path[..depth].to_vec()].imports.get(name)).cloned();
            match handed_on {
                Some(mut from) => {
                    from.extend(path[depth + 1..].iter().cloned());
                    path = from;
                }
                None => return path[..depth].to_vec(),
            }
        }
        panic!("{path:?} is handed on for ever");
    }

    /// How many of the names are modules.
    fn depth(&self, path: &Names) -> usize {
        (0..path.len()).take_while(|depth| self.modules.contains_key(&path[..=*depth])).count()
    }

    /// What the module's `use` lines name: by the name it has here, and all of them.
    fn imports(&self, names: &Names) -> (BTreeMap<String, Names>, BTreeSet<Names>) {
        let tokens = &self.modules[names].tokens;
        let (mut imports, mut paths) = (BTreeMap::new(), BTreeSet::new());
        for at in (0..tokens.len()).filter(|at| is_use(tokens, *at)) {
            let mut leaves = Vec::new();
            leaves_of(tokens, at + 1, Vec::new(), &mut leaves);
            for (path, name) in leaves {
                let Some(path) = self.absolute(names, &path, &BTreeMap::new()) else { continue };
                if path.len() > names.len() || !names.starts_with(&path) {
                    imports.insert(name, path.clone());
                }
                // A module that is imported is used where something of it is named.
                if !self.modules.contains_key(&path) {
                    paths.insert(path);
                }
            }
        }
        (imports, paths)
    }

    /// The paths of the module's code.
    fn inline(&self, names: &Names, imports: &BTreeMap<String, Names>) -> BTreeSet<Names> {
        let tokens = &self.modules[names].tokens;
        let mut paths = BTreeSet::new();
        let mut at = 0;
        while at < tokens.len() {
            if is_use(tokens, at) {
                at += tokens[at..].iter().position(|token| token.is(";")).unwrap();
                continue;
            }
            let before = |signs: &[&str]| at >= signs.len() && texts(&tokens[at - signs.len()..], signs);
            // `pub(in …)` says who may name it, and names nothing itself.
            let follows = before(&["."]) || before(&[":", ":"]) || before(&["(", "in"]);
            let path = path_at(tokens, at);
            if !follows
                && path.len() > 1
                && let Some(path) = self.absolute(names, &path, imports)
            {
                paths.insert(path);
            }
            at += 1;
        }
        paths
    }

    /// The path from the top, if it is one of this crate.
    fn absolute(&self, names: &Names, path: &Names, imports: &BTreeMap<String, Names>) -> Option<Names> {
        let mut from = names.clone();
        let mut rest = path.as_slice();
        match rest.first()?.as_str() {
            "crate" => {
                from.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|name| name == "super") {
                    from.pop();
                    rest = &rest[1..];
                }
            }
            first => {
                if let Some(import) = imports.get(first) {
                    from = import.clone();
                    rest = &rest[1..];
                } else {
                    from.push(first.to_owned());
                    if !self.modules.contains_key(&from) {
                        return None;
                    }
                    rest = &rest[1..];
                }
            }
        }
        from.extend(rest.iter().cloned());
        Some(from)
    }
}

/// Whether an import begins here: `use<…>` in a type is none.
fn is_use(tokens: &[Token], at: usize) -> bool {
    tokens[at].is("use") && !tokens.get(at + 1).is_some_and(|next| next.is("<"))
}

/// The names of the path that begins at `at`: `a::b::C`.
fn path_at(tokens: &[Token], mut at: usize) -> Names {
    let mut path = Vec::new();
    while tokens.get(at).is_some_and(Token::is_word) {
        path.push(tokens[at].text.clone());
        if !texts(&tokens[at + 1..], &[":", ":"]) {
            break;
        }
        at += 3;
    }
    path
}

/// The leaves of the tree behind `use`, each with the name it has here; says where the tree ends.
fn leaves_of(tokens: &[Token], mut at: usize, mut path: Names, leaves: &mut Vec<(Names, String)>) -> usize {
    loop {
        match tokens[at].text.as_str() {
            "{" => {
                at += 1;
                while !tokens[at].is("}") {
                    at = leaves_of(tokens, at, path.clone(), leaves);
                    if tokens[at].is(",") {
                        at += 1;
                    }
                }
                return at + 1;
            }
            ":" => at += 1,
            "*" => {
                leaves.push((path, "*".to_owned()));
                return at + 1;
            }
            "as" => {
                leaves.push((path, tokens[at + 1].text.clone()));
                return at + 2;
            }
            "," | "}" | ";" => {
                if path.last().is_some_and(|name| name == "self") && path.len() > 1 {
                    path.pop();
                }
                let name = path.last().unwrap().clone();
                leaves.push((path, name));
                return at;
            }
            word => {
                path.push(word.to_owned());
                at += 1;
            }
        }
    }
}

pub fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}
