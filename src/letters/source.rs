//! Where templates come from: built in, and overridden one by one from a folder.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use super::problems::Problems;
use crate::desk::notice::kind::Notice;
use crate::mail::invisible::BYTE_ORDER_MARK;
use crate::mail::language::Language;

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// Octets of a template; more is a mistake.
const MAX_OCTETS: u64 = 256 * 1024;
/// Files looked at in the folder of overrides.
const MAX_FILES: usize = 1_000;

/// The page around the HTML part.
pub const HTML_LAYOUT: &str = "layout.html.hbs";
/// The frame around the text part.
pub const TEXT_LAYOUT: &str = "layout.txt.hbs";

/// One template as it was found.
#[derive(Debug)]
pub struct Source {
    /// The file that overrides the built-in one.
    pub file: Option<PathBuf>,
    /// How problems name it: the path of the file, or `templates/…` for a built-in one.
    pub shown: String,
    pub text: String,
}

/// The path of a notice's template within the folder.
pub fn notice_path(notice: Notice, language: Language) -> String {
    format!("mail/{}/{}.hbs", notice.as_str(), language.code())
}

/// The path of the footer's template within the folder.
pub fn footer_path(language: Language) -> String {
    format!("footer/{}.hbs", language.code())
}

/// All paths that a template may have.
pub fn paths() -> Vec<String> {
    let notices = Notice::ALL
        .into_iter()
        .flat_map(|notice| notice.languages().iter().map(move |language| notice_path(notice, *language)));
    let footers = Language::ALL.map(footer_path);
    notices.chain(footers).chain([HTML_LAYOUT.to_owned(), TEXT_LAYOUT.to_owned()]).collect()
}

/// Reads the template at `path`: the file in `overrides` if there is one, else the one built in.
pub fn read(path: &str, overrides: Option<&Path>, problems: &mut Problems) -> Option<Source> {
    if let Some(file) = overrides.map(|folder| folder.join(path)).filter(|file| file.exists()) {
        let shown = file.display().to_string();
        return match read_file(&file) {
            Ok(text) => Some(Source { file: Some(file), shown, text: text.replace("\r\n", "\n") }),
            Err(reason) => {
                problems.add(&shown, None, reason);
                None
            }
        };
    }
    let shown = format!("templates/{path}");
    let text = BUILT_IN.get_file(path).and_then(|file| file.contents_utf8());
    if text.is_none() {
        problems.add(&shown, None, "is not built in");
    }
    Some(Source { file: None, shown, text: text?.to_owned() })
}

fn read_file(file: &Path) -> Result<String, String> {
    let size = std::fs::metadata(file).map_err(|error| error.to_string())?.len();
    if size > MAX_OCTETS {
        return Err(format!("has {size} octets; a template has {MAX_OCTETS} at most"));
    }
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())?;
    Ok(text.strip_prefix(BYTE_ORDER_MARK).map(str::to_owned).unwrap_or(text))
}

/// Reports a folder that is not there, and files of our `kinds` in it that override nothing known: a misspelt name would
/// otherwise have no effect and nobody would know.
pub fn find_strays(folder: &Path, known: &[String], kinds: &[&str], problems: &mut Problems) {
    if !folder.is_dir() {
        problems.add(&folder.display().to_string(), None, "is no folder");
        return;
    }
    let mut waiting = vec![folder.to_owned()];
    let mut seen = 0;
    while let Some(next) = waiting.pop() {
        let mut entries: Vec<_> = match std::fs::read_dir(&next) {
            Ok(entries) => entries.filter_map(Result::ok).map(|entry| entry.path()).collect(),
            Err(error) => {
                problems.add(&next.display().to_string(), None, error.to_string());
                continue;
            }
        };
        entries.sort();
        for entry in entries {
            seen += 1;
            if seen > MAX_FILES {
                problems.add(&folder.display().to_string(), None, format!("holds more than {MAX_FILES} files"));
                return;
            }
            if entry.is_dir() {
                // Deeper than mail/<notice>/ there is nothing of ours; the pages look after their own.
                let inside = entry.strip_prefix(folder);
                if inside.is_ok_and(|path| path.components().count() <= 2 && path != Path::new("web")) {
                    waiting.push(entry);
                }
                continue;
            }
            let path = entry.strip_prefix(folder).map(|path| path.to_string_lossy().replace('\\', "/"));
            if let Ok(path) = path
                && path.rsplit_once('.').is_some_and(|(_, kind)| kinds.contains(&kind))
                && !known.contains(&path)
            {
                let shown = entry.display().to_string();
                problems.add(
                    &shown,
                    None,
                    "overrides nothing: no template has this path (see `caseway template list`)",
                );
            }
        }
    }
}
