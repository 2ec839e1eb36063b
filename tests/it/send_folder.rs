//! Mails as files.

use caseway::config::Transport;
use jiff::SignedDuration;

use crate::harness::post::Post;

#[tokio::test]
async fn every_mail_becomes_a_file_with_its_bytes() {
    let post = Post::new().await;
    let recipients: Vec<String> = (0..100).map(|number| format!("r{number}@example.test")).collect();
    let ids = post.queue(&recipients.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let out = Transport::Folder { path: post.folder() };
    assert_eq!(post.send(&out).await.sent, 100);
    for (id, recipient) in ids.iter().zip(&recipients) {
        let file = post.folder().join(format!("{id:010}-mail-{id}@example.test.eml"));
        let bytes = String::from_utf8(std::fs::read(file).unwrap()).unwrap();
        assert!(bytes.contains(&format!("To: {recipient}\r\n")));
        assert!(bytes.ends_with("We have your request.\r\n.\r\n..two dots\r\n"));
    }
    assert_eq!(std::fs::read_dir(post.folder()).unwrap().count(), 100, "nothing else lies about");
    assert!(post.shown().await.iter().all(|row| row.state == "sent" && row.attempts == 1));
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_to_makes_mails_wait_for_ever() {
    let post = Post::new().await;
    post.queue(&["alice@example.test"]).await;
    // A file where the folder should be: refuses even the superuser.
    std::fs::write(post.folder(), "").unwrap();
    let out = Transport::Folder { path: post.folder() };
    for _ in 0..10 {
        assert_eq!(post.send(&out).await.sent, 0);
        post.pass(SignedDuration::from_hours(24 * 10));
    }
    let shown = post.only().await;
    assert_eq!((shown.state.as_str(), shown.attempts), ("queued", 0));
    assert!(shown.error.contains("cannot write to the folder"), "{}", shown.error);
    std::fs::remove_file(post.folder()).unwrap();
    assert_eq!(post.send(&out).await.sent, 1);
}
