//! Every mail as an `.eml` file in a folder: for trying out, for tests, for a pickup directory.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::ending::{Ending, Fault};
use crate::private;
use crate::store::outbox::Claimed;

/// Writes mails as files.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Writes the mail under a name of its own. The same mail always gets the same name, so a second attempt replaces
    /// the file by itself. Any trouble is the folder's, not the mail's.
    pub(super) async fn deliver(&self, mail: &Claimed) -> Ending {
        let (folder, name, bytes) = (self.path.clone(), file_name(mail), mail.bytes.clone());
        let written = tokio::task::spawn_blocking(move || write(&folder, &name, &bytes)).await;
        let error = match written {
            Ok(Ok(())) => return Ending::Sent,
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        let error = format!(
            "cannot write to the folder {}: {error}; check that it exists, is writable and has room",
            self.path.display()
        );
        Ending::NotTried { error, fault: Fault::Passing }
    }
}

/// `0000000042-<Message-ID>.eml`, in characters that every file system takes.
fn file_name(mail: &Claimed) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '+') { c } else { '_' };
    let message_id: String = mail.message_id.chars().take(120).map(safe).collect();
    format!("{:010}-{message_id}.eml", mail.id)
}

/// A reader of the folder sees the whole file or none; when this returns, it survives a power cut. The folder is made where
/// only it is missing; its parents are not: they may be a disk that is not mounted. Only our own user reads folder and
/// mails: letters carry links and tokens, and a file's name has the token of its Message-ID.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    private::folder(folder, false)?;
    let unfinished = folder.join(format!(".{name}.tmp"));
    // Made anew: what an interrupted attempt left keeps its permissions, and may be somebody's link to elsewhere.
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = private::file(OpenOptions::new().write(true).create_new(true), &unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, folder.join(name))?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn mail(message_id: &str) -> Claimed {
        Claimed {
            id: 42,
            recipient: "alice@example.test".into(),
            return_path: String::new(),
            message_id: message_id.into(),
            bytes: b"Subject: x\r\n\r\n.\r\n\xff\n".to_vec(),
            attempts: 1,
            first_attempt_at: Timestamp::UNIX_EPOCH,
            resent: false,
            has_spare: false,
        }
    }

    #[tokio::test]
    async fn a_mail_is_one_file_with_its_bytes_however_often_it_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path().to_owned());
        let mail = mail("../a/b c@example.test");
        for _ in 0..3 {
            assert_eq!(folder.deliver(&mail).await, Ending::Sent);
        }
        let files: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(files, [dir.path().join("0000000042-.._a_b_c@example.test.eml")]);
        assert_eq!(fs::read(&files[0]).unwrap(), mail.bytes);
    }

    #[tokio::test]
    async fn a_missing_folder_is_not_the_mails_fault() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path().join("gone/deeper"));
        let Ending::NotTried { error, .. } = folder.deliver(&mail("m@example.test")).await else {
            panic!("must not be charged");
        };
        assert!(error.contains("gone"), "{error}");
    }

    #[test]
    fn long_and_empty_message_ids_make_names() {
        assert_eq!(file_name(&mail("")), "0000000042-.eml");
        assert!(file_name(&mail(&"ä".repeat(5000))).len() < 200);
    }
}
