//! The house is tidy: which module may use which is a decision (this list), there are no circles, and what is true of
//! every file is true.

mod circles;
pub mod files;
pub mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use self::circles::circles;
use self::files::{Files, rust_files, source};
use self::tokens::{Token, group_end, texts, tokens};

/// Each module and those it may use, from the ground up.
const EDGES: &[(&str, &[&str])] = &[
    ("words", &[]),
    ("intent", &[]),
    ("mail", &[]),
    ("cores", &[]),
    ("dns", &[]),
    ("private", &[]),
    ("time", &[]),
    ("tls", &[]),
    ("http", &["tls"]),
    ("config", &["intent", "mail"]),
    ("dkim", &["config", "dns", "mail"]),
    ("desk", &["config", "intent", "mail"]),
    ("letters", &["desk", "mail"]),
    ("store", &["desk", "mail", "private"]),
    ("directory", &["config", "desk", "http", "mail", "store", "time"]),
    ("oauth", &["config", "desk", "http", "mail", "store", "time"]),
    ("metrics", &["config", "store", "time"]),
    ("act", &["cores", "desk", "letters", "store", "time"]),
    ("belongs", &["desk", "mail", "store", "time"]),
    ("alarm", &["config", "desk", "letters", "mail", "metrics", "store", "time"]),
    ("worker", &[]),
    ("clock", &["act", "desk", "store", "worker"]),
    ("discover", &["dns", "http"]),
    ("probe", &[]),
    ("intake", &["belongs", "config", "mail", "metrics", "oauth", "private", "store", "time", "tls"]),
    ("readers", &["cores", "desk", "mail", "probe", "store"]),
    ("process", &["act", "desk", "dkim", "mail", "metrics", "readers", "store", "worker"]),
    ("past", &["desk", "process", "readers", "store"]),
    ("provision", &["act", "desk", "directory", "store", "worker"]),
    ("send", &["config", "desk", "dkim", "mail", "metrics", "oauth", "private", "store", "time", "tls"]),
    ("canary", &["config", "dkim", "intake", "mail", "metrics", "oauth", "send", "store", "time"]),
    ("web", &["act", "config", "desk", "directory", "intake", "letters", "mail", "store", "time"]),
    (
        "app",
        &[
            "act",
            "alarm",
            "belongs",
            "canary",
            "clock",
            "config",
            "desk",
            "directory",
            "dkim",
            "intake",
            "letters",
            "metrics",
            "oauth",
            "past",
            "process",
            "provision",
            "readers",
            "send",
            "store",
            "time",
            "web",
            "worker",
        ],
    ),
    ("log", &["config"]),
    (
        "cli",
        &[
            "app",
            "canary",
            "config",
            "desk",
            "directory",
            "discover",
            "dkim",
            "intake",
            "intent",
            "letters",
            "log",
            "mail",
            "oauth",
            "private",
            "send",
            "store",
            "time",
            "web",
        ],
    ),
];

/// The rooms of `desk`, from the ground up, and those that each may use; `nouns` and `spine` stand for all rooms of that storey
/// that are below.
#[rustfmt::skip]
const ROOMS: &[(&str, &[&str])] = &[
    // Nouns: values.
    ("id", &[]),
    ("directory", &["id"]),
    ("ticket", &["id"]),
    ("seal", &["id"]),
    ("notice", &["id"]),
    ("follow_up", &["id"]),
    ("form", &["directory", "id"]),
    ("inbound", &["ticket", "seal", "id"]),
    ("search", &["ticket", "seal"]),
    // The spine: what is known, what is decided.
    ("event", &["nouns"]),
    ("outcome", &["nouns"]),
    ("rules", &["seal", "ticket", "notice", "id"]),
    ("facts", &["outcome", "nouns"]),
    ("post", &["facts", "rules", "notice", "seal", "ticket", "id"]),
    ("caps", &["facts", "id"]),
    ("change", &["spine", "nouns"]),
    // Verbs: any actor may use them, and none knows a mail.
    ("action", &["spine", "nouns"]),
    // Actors: who caused it.
    ("flow", &["action", "spine", "nouns"]),
    ("command", &["flow", "action", "spine", "nouns"]),
    ("gate", &["command", "spine", "nouns"]),
    ("page", &["flow", "action", "spine", "nouns"]),
    ("due", &["flow", "action", "spine", "nouns"]),
    ("arrival", &["gate", "command", "flow", "action", "spine", "nouns"]),
    ("decide", &["arrival", "due", "page", "flow", "action", "spine", "nouns"]),
];

const NOUNS: &[&str] = &["id", "directory", "ticket", "seal", "notice", "follow_up", "form", "inbound", "search"];
const SPINE: &[&str] = &["event", "outcome", "rules", "facts", "post", "caps", "change"];

/// The circles between files that are left, each by the folder it lies in and how many files it has. The list only shrinks.
const CIRCLES: &[(&str, usize)] = &[("desk/form/read", 3)];

/// Longest file, in lines.
const MAX_FILE: usize = 400;

/// Files that are longer, and how long they may be. The list only shrinks.
const LONG: &[(&str, usize)] = &[];

/// Longest function, in lines that hold code.
const MAX_FUNCTION: usize = 70;

/// What may lie at the top of the repository, besides files whose names begin with a dot.
const TOP: &[&str] = &[
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "SECURITY.md",
    "benches",
    "clippy.toml",
    "deploy",
    "dev",
    "docs",
    "findings",
    "fuzz",
    "migrations",
    "rustfmt.toml",
    "src",
    "templates",
    "tests",
];

#[test]
fn modules_use_only_what_they_may() {
    let allowed: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    let files = Files::read();
    let mut wrong = BTreeSet::new();
    for (file, uses) in files.uses() {
        let module = top(file);
        if module == "lib" {
            continue;
        }
        let Some(may) = allowed.get(module) else {
            wrong.insert(format!("{module} is not in the list"));
            continue;
        };
        let others = uses.into_iter().map(top).filter(|used| *used != module && !may.contains(used));
        wrong.extend(others.map(|used| format!("{module} → {used}")));
    }
    assert!(wrong.is_empty(), "new edges, each a decision: {wrong:#?}");
}

/// What the list allows is used: it says how things are, not how they were.
#[test]
fn every_edge_of_the_list_is_there() {
    let files = Files::read();
    let mut used = BTreeSet::new();
    for (file, uses) in files.uses() {
        used.extend(uses.into_iter().map(|other| (top(file), top(other))));
    }
    let unused: Vec<_> = EDGES
        .iter()
        .flat_map(|(module, uses)| uses.iter().map(move |other| (*module, *other)))
        .filter(|edge| !used.contains(edge))
        .collect();
    assert!(unused.is_empty(), "{unused:#?}");
}

/// The list itself only points downwards, so no circle can be written into it.
#[test]
fn the_list_has_no_circles() {
    let mut below = BTreeSet::new();
    for (module, uses) in EDGES {
        for used in *uses {
            assert!(below.contains(used), "{module} stands on {used}, which is not below it");
        }
        below.insert(*module);
    }
}

/// The rooms of `desk` stand on those below them, and on no other.
#[test]
fn rooms_use_only_what_they_may() {
    let files = Files::read();
    let mut below: Vec<&str> = Vec::new();
    let mut allowed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (room, uses) in ROOMS {
        let storey = |storey: &[&'static str]| storey.iter().copied().filter(|other| below.contains(other)).collect();
        let named = uses.iter().flat_map(|used| -> Vec<&str> {
            match *used {
                "nouns" => storey(NOUNS),
                "spine" => storey(SPINE),
                other => vec![other],
            }
        });
        let named: BTreeSet<&str> = named.collect();
        assert!(named.iter().all(|other| below.contains(other)), "{room} stands on what is not below it: {named:?}");
        allowed.insert(room, named);
        below.push(room);
    }
    let mut wrong = BTreeSet::new();
    for (file, uses) in files.uses() {
        let Some(room) = room_of(file) else { continue };
        let Some(may) = allowed.get(room) else {
            wrong.insert(format!("{room} is no room of the list"));
            continue;
        };
        let others = uses.into_iter().filter_map(room_of).filter(|other| *other != room && !may.contains(other));
        wrong.extend(others.map(|other| format!("{room} → {other}")));
    }
    assert!(wrong.is_empty(), "new edges between rooms, each a decision: {wrong:#?}");
}

/// No file leads back to itself by what it uses: each can be read with what stands below it, and nothing else.
#[test]
fn files_stand_in_no_circle() {
    let files = Files::read();
    let uses = files.uses();
    let found = circles(&uses);
    let mut sizes: Vec<_> = found.iter().map(|circle| (folder(circle), circle.len())).collect();
    sizes.sort_unstable();
    let mut known: Vec<_> = CIRCLES.iter().map(|(folder, size)| ((*folder).to_owned(), *size)).collect();
    known.sort_unstable();
    let describe = |circle: &BTreeSet<&str>| {
        let edges = circle.iter().flat_map(|file| (&uses[file] & circle).into_iter().map(move |other| (*file, other)));
        let edges = edges.map(|(file, other)| format!("  {file} → {other}: {}\n", files.names(file, other).join(", ")));
        format!("{} files of {}:\n{}", circle.len(), folder(circle), edges.collect::<String>())
    };
    let new = found.iter().filter(|circle| !known.contains(&(folder(circle), circle.len()))).map(describe);
    assert_eq!(sizes, known, "circles now, and circles known. New ones:\n{}", new.collect::<Vec<_>>().join("\n"));
}

/// Edges are found in whatever way they are written, and through whoever hands a name on.
#[test]
fn edges_are_found() {
    let files = Files::read();
    let uses = files.uses();
    // By an import that the parent hands on.
    assert!(uses["store/mod.rs"].contains("store/dialect.rs"));
    // Nothing is named of a module that only lends its name to a path.
    assert!(!uses["mail/quote/lines.rs"].contains("mail/quote/mod.rs"));
    // What is compiled for tests alone is no edge.
    assert!(!uses["mail/headers.rs"].contains("mail/limits.rs"));
}

/// Circles are found in a graph that has them, and none in one that has not.
#[test]
fn circles_are_found() {
    let graph = |edges: &[(&'static str, &[&'static str])]| {
        let edges = edges.iter().map(|(from, to)| (*from, to.iter().copied().collect()));
        edges.collect::<BTreeMap<_, BTreeSet<_>>>()
    };
    assert!(circles(&graph(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])])).is_empty());
    let two = graph(&[("a", &["b"]), ("b", &["c"]), ("c", &["a", "d"]), ("d", &["e"]), ("e", &["d"]), ("f", &["a"])]);
    assert_eq!(circles(&two), [["a", "b", "c"].into(), ["d", "e"].into()]);
}

#[test]
fn files_are_short() {
    let lines = |path: &PathBuf| std::fs::read_to_string(path).unwrap().lines().count();
    let mut long: Vec<_> = rust_files(&source())
        .into_iter()
        .map(|path| (path.strip_prefix(source()).unwrap().to_str().unwrap().to_owned(), lines(&path)))
        .filter(|(_, lines)| *lines > MAX_FILE)
        .collect();
    long.retain(|(file, lines)| !LONG.iter().any(|(known, most)| known == file && lines <= most));
    assert!(long.is_empty(), "more than {MAX_FILE} lines: {long:?}");
    for (file, _) in LONG {
        assert!(source().join(file).is_file(), "{file} is gone, and may go from the list");
    }
}

#[test]
fn functions_are_short() {
    let files = Files::read();
    let long: Vec<_> = files
        .tokens()
        .flat_map(|(file, tokens)| functions(tokens).into_iter().map(move |(name, lines)| (file, name, lines)))
        .filter(|(_, _, lines)| *lines > MAX_FUNCTION)
        .collect();
    assert!(long.is_empty(), "more than {MAX_FUNCTION} lines of code: {long:?}");
}

/// The rules and the reading of mail are values in, values out: no I/O, clock, randomness, tasks, SQL or log.
#[test]
fn rules_and_mail_are_pure() {
    const WORDS: &[&str] =
        &["async", "await", "sqlx", "tracing", "tokio", "rand", "SystemTime", "Instant", "thread_local", "unsafe"];
    const STD: &[&str] = &["fs", "net", "thread", "process", "env", "io"];
    let files = Files::read();
    let mut impure = Vec::new();
    for (file, tokens) in files.tokens().filter(|(file, _)| matches!(top(file), "mail" | "desk")) {
        for (at, token) in tokens.iter().enumerate() {
            let of_std = at > 2 && texts(&tokens[at - 3..], &["std", ":", ":"]) && STD.contains(&token.text.as_str());
            let is_clock = texts(&tokens[at..], &[":", ":", "now", "("]);
            if WORDS.contains(&token.text.as_str()) || of_std || is_clock {
                impure.push(format!("{file}:{} {}", token.line, token.text));
            }
        }
    }
    assert!(impure.is_empty(), "{impure:#?}");
}

/// What nobody sees is named in one place, so that no reader knows fewer such characters than another.
#[test]
fn invisible_characters_are_one_list() {
    let marks =
        ["200b", "200c", "200d", "200e", "200f", "202a", "202b", "202c", "202d", "202e", "2060", "2066", "feff", "ad"];
    let has = |path: &PathBuf| {
        let text = shipped_text(path).to_lowercase();
        marks.iter().any(|mark| text.contains(&format!("\\u{{{mark}}}")))
    };
    let lists: Vec<_> = rust_files(&source())
        .into_iter()
        .filter(|path| !path.components().any(|part| part.as_os_str() == "tests"))
        .filter(has)
        .map(|path| path.strip_prefix(source()).unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(lists, ["mail/invisible.rs"]);
}

/// Nothing strays to the top of the repository: a folder that a trial left there was once committed.
#[test]
fn the_top_of_the_repository_holds_what_belongs_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let git = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output();
    let tracked = git.ok().filter(|git| git.status.success()).map(|git| String::from_utf8(git.stdout).unwrap());
    // A copy of the source without its history holds what was built there, too.
    let names: BTreeSet<String> = match tracked.filter(|tracked| !tracked.is_empty()) {
        Some(tracked) => {
            tracked.split_terminator('\0').map(|path| path.split('/').next().unwrap().to_owned()).collect()
        }
        None => {
            let entries = std::fs::read_dir(root).unwrap();
            entries
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .filter(|name| name != "target")
                .collect()
        }
    };
    let strays: Vec<_> = names.iter().filter(|name| !name.starts_with('.') && !TOP.contains(&name.as_str())).collect();
    assert!(strays.is_empty(), "{strays:?}");
}

/// Every crate that is compiled is used: those of the program in `src`, those of the tests beside it.
#[test]
fn every_dependency_is_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let words = |folders: &[&str]| -> BTreeSet<String> {
        let files = folders.iter().flat_map(|folder| rust_files(&root.join(folder)));
        // A crate is named at the beginning of a path.
        let starts = |tokens: Vec<Token>| {
            let starts = |at: &usize| tokens[*at].is_word() && texts(&tokens[at + 1..], &[":", ":"]);
            (0..tokens.len()).filter(starts).map(|at| tokens[at].text.clone()).collect::<Vec<_>>()
        };
        files.flat_map(|path| starts(tokens(&std::fs::read_to_string(path).unwrap()))).collect()
    };
    let (program, tests) = (words(&["src"]), words(&["src", "tests/it", "benches"]));
    let mut unused = Vec::new();
    for (section, used) in [("[dependencies]", &program), ("[dev-dependencies]", &tests)] {
        let lines =
            manifest.lines().skip_while(|line| *line != section).skip(1).take_while(|line| !line.starts_with('['));
        let names: Vec<&str> = lines.filter_map(|line| line.split_once(" = ")).map(|(name, _)| name).collect();
        assert!(names.len() > 3, "{section} is not read");
        unused.extend(names.into_iter().filter(|name| !used.contains(&name.replace('-', "_"))));
    }
    assert!(unused.is_empty(), "{unused:?}");
}

/// docs/journeys.md names files and functions that are there.
#[test]
fn journeys_lead_somewhere() {
    let page = std::fs::read_to_string(source().with_file_name("docs").join("journeys.md")).unwrap();
    let files = Files::read();
    let functions: BTreeMap<&str, BTreeSet<&str>> = files
        .tokens()
        .map(|(file, tokens)| {
            let named = tokens.windows(2).filter(|pair| pair[0].is("fn")).map(|pair| pair[1].text.as_str());
            (file, named.collect())
        })
        .collect();
    let (mut steps, mut lost) = (0, Vec::new());
    for line in page.lines() {
        let mut file = None;
        for word in line.split('`').skip(1).step_by(2) {
            let is_function = word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            match file {
                _ if word.ends_with(".rs") && !word.starts_with("tests/") => file = Some(word),
                Some(file) if is_function => {
                    steps += 1;
                    if !functions.get(file).is_some_and(|known| known.contains(word)) {
                        let has = |(_, known): &(&&str, &BTreeSet<&str>)| known.contains(word);
                        let elsewhere: Vec<_> = functions.iter().filter(has).map(|(file, _)| *file).collect();
                        lost.push(format!("{file} has no {word}; it is in {elsewhere:?}"));
                    }
                }
                _ => {}
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
    let journeys = page.lines().filter(|line| line.starts_with("## ")).count();
    assert!(journeys == 10 && steps > 50, "{journeys} journeys with {steps} steps");
}

/// SQL lives in store/ only.
#[test]
fn sql_is_only_in_the_store() {
    let elsewhere: Vec<_> = rust_files(&source())
        .into_iter()
        .filter(|file| !file.starts_with(source().join("store")))
        .filter(|file| std::fs::read_to_string(file).unwrap().contains("sqlx::query"))
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

/// What people see of a mail was looked through for links and codes first: outside of the desk's tests, only these read one.
#[test]
fn mails_are_read_where_they_are_looked_through() {
    let source = source();
    let may = [
        // Looks through what it reads.
        "readers.rs",
        "store/facts/copies.rs",
        "store/facts/words.rs",
        // A header, of which nothing is shown.
        "belongs.rs",
        "store/link.rs",
        "cli/mail/list.rs",
        // A file of a mail that was looked through.
        "desk/gate/files.rs",
        // Files of the administrator's own, without a database.
        "cli/mail/explain.rs",
        "cli/mail/inspect.rs",
        "cli/form/attempt.rs",
    ];
    let reads: BTreeSet<String> = rust_files(&source)
        .into_iter()
        .filter(|file| !file.starts_with(source.join("mail")) && names_read(&shipped_text(file)))
        .map(|file| file.strip_prefix(&source).unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(reads, may.map(str::to_owned).into());
}

/// Whether code calls `mail::read`, or hands it on; documentation may speak of it.
fn names_read(code: &str) -> bool {
    let goes_on = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '`'));
    code.replace("email::read", "").split("mail::read").skip(1).any(|rest| !goes_on(rest))
}

/// The text of a file up to its tests.
fn shipped_text(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap().split("#[cfg(test)]").next().unwrap().to_owned()
}

/// The top module that a file of `src` belongs to.
fn top(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The room that a file of `desk` belongs to.
fn room_of(file: &str) -> Option<&str> {
    let room = file.strip_prefix("desk/")?.split('/').next()?.trim_end_matches(".rs");
    (room != "mod").then_some(room)
}

/// The deepest folder that holds all of the files.
fn folder(files: &BTreeSet<&str>) -> String {
    let mut parts: Vec<&str> = files.first().unwrap().split('/').collect();
    parts.pop();
    while !files.iter().all(|file| file.starts_with(&format!("{}/", parts.join("/")))) && !parts.is_empty() {
        parts.pop();
    }
    parts.join("/")
}

/// The functions of a file, each with the lines of its body that hold code.
fn functions(tokens: &[Token]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for at in (0..tokens.len()).filter(|at| tokens[*at].is("fn") && tokens[at + 1].is_word()) {
        let Some(ends) = tokens[at..].iter().position(|token| token.is("{") || token.is(";")) else { continue };
        if tokens[at + ends].is(";") {
            continue;
        }
        let body = &tokens[at + ends..group_end(tokens, at + ends)];
        let lines: BTreeSet<usize> = body.iter().map(|token| token.line).collect();
        found.push((tokens[at + 1].text.clone(), lines.len()));
    }
    found
}
