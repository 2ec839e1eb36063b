//! Marks in HTML, where the text alone does not tell.

use super::split;
use crate::mail::quote::split_answer;

/// The text as a renderer without quote marks would make it.
const TEXT: &str = "It did.\n\nAda Byron dixit\n\nDid the engine in the second hall stop?\n\nAda";

#[test]
fn every_client() {
    let old = "<div>Ada Byron dixit</div><p>Did the engine in the second hall stop?</p><p>Ada</p>";
    for (client, html) in [
        ("Gmail", format!("<div dir=ltr>It did.</div><br><div class=\"gmail_quote\">{old}</div>")),
        ("Gmail, block quote", "<div>It did.</div><div class=\"gmail_quote gmail_quote_container\"><div class=\"gmail_attr\">Ada Byron dixit<br></div><blockquote class=\"gmail_quote\"><p>Did the engine in the second hall stop?</p><p>Ada</p></blockquote></div>".to_owned()),
        ("Outlook web", format!("<div>It did.</div><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\">Ada Byron dixit</div>{}", &old.replace("<div>Ada Byron dixit</div>", ""))),
        ("Outlook", format!("<p class=MsoNormal>It did.</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>{old}</div></div>")),
        ("Outlook phone", format!("<div>It did.</div><div id=\"ms-outlook-mobile-body-separator-line\"><br></div><div id=\"mail-editor-reference-message-container\">{old}</div>")),
        ("Outlook Mac", format!("<div>It did.</div><span id=\"OLK_SRC_BODY_SECTION\">{old}</span>")),
        ("Yahoo", format!("<div>It did.</div><div id=\"ydp1yahoo_quoted_0123\" class=\"yahoo_quoted\">{old}</div>")),
        ("Thunderbird", "<p>It did.</p><div class=\"moz-cite-prefix\">Ada Byron dixit</div><blockquote type=\"cite\" cite=\"mid:1@example.test\"><p>Did the engine in the second hall stop?</p><p>Ada</p></blockquote>".to_owned()),
        ("Proton", format!("<div>It did.</div><div class=\"protonmail_quote\">{old}</div>")),
        ("Zimbra", format!("<div>It did.</div><hr id=\"zwchr\" data-marker=\"__DIVIDER__\">{old}")),
        ("Zoho", format!("<div>It did.</div><div class=\"zmail_extra\">{old}</div>")),
        ("GMX", format!("<div>It did.</div><div name=\"quote\" style=\"margin:10px\">{old}</div>")),
        ("Spark", format!("<div>It did.</div><div name=\"messageReplySection\">{old}</div>")),
        ("Tuta", format!("<div>It did.</div><blockquote class=\"tutanota_quote\">{old}</blockquote>")),
    ] {
        let page = format!("<html><head><style>p {{ color: red }}</style></head><body>{html}</body></html>");
        let split = split(TEXT, Some(&page));
        assert_eq!(split.reply, "It did.", "{client}");
        assert_eq!(split.quoted, TEXT.trim_start_matches("It did.\n\n"), "{client}");
    }
}

#[test]
fn an_answer_below_the_marked_element_is_kept() {
    let html = "<div class=\"yahoo_quoted\"><p>Ada Byron dixit</p><p>Did the engine stop this morning?</p></div><p>It did, at about a quarter past ten.</p>";
    let split = split(
        "Ada Byron dixit\n\nDid the engine stop this morning?\n\nIt did, at about a quarter past ten.",
        Some(html),
    );
    assert_eq!(split.reply, "It did, at about a quarter past ten.");
}

#[test]
fn the_attribution_in_an_unknown_language_is_marked() {
    let html = "<p>It did.</p><div class=\"moz-cite-prefix\">Ada Byron dixit</div><blockquote type=cite><p>Did the engine in the second hall stop?</p></blockquote>";
    let text = "It did.\n\nAda Byron dixit\n\n> Did the engine in the second hall stop?";
    assert_eq!(split(text, Some(html)).reply, "It did.");
}

#[test]
fn a_forward_is_no_quote() {
    let html = "<div>Please look.</div><div class=\"gmail_quote\"><div class=\"gmail_attr\">---------- Forwarded message ---------<br>From: Ada</div><p>The engine stopped.</p></div>";
    let text = "Please look.\n\nForwarded message\nFrom: Ada\n\nThe engine stopped.";
    assert_eq!(split(text, Some(html)).reply, text);
}

#[test]
fn indented_words_are_the_writers_own() {
    let html = "<div>It printed</div><blockquote style=\"margin:0 0 0 40px;border:none;padding:0px\"><div>engine one stopped at ten</div><div>engine two stopped at noon</div></blockquote>";
    let text = "It printed\n\n> engine one stopped at ten\n> engine two stopped at noon";
    assert_eq!(split(text, Some(html)).reply, text);
}

#[test]
fn marks_that_are_not_found_in_the_text_cut_nothing() {
    let html = "<div class=\"gmail_quote\"><p>Something else entirely was written here.</p></div>";
    assert_eq!(split("It did.\n\nThank you.", Some(html)).reply, "It did.\n\nThank you.");
    for broken in
        ["<div class=\"gmail_quote", "<<<<gmail_quote>>>", "<!-- gmail_quote", "</div></div class=gmail_quote>"]
    {
        assert_eq!(split("It did.", Some(broken)).reply, "It did.");
    }
}

#[test]
fn a_plain_block_quote_below_an_attribution_ends_where_it_ends() {
    let html = "Hello,<br>On May 3, 2022, Ada &lt;ada@example.test&gt; wrote:<blockquote><p>Did the engine stop this morning?</p></blockquote><p>It did, at about a quarter past ten.</p>";
    let text = "Hello,\nOn May 3, 2022, Ada <ada@example.test> wrote:\n\nDid the engine stop this morning?\n\nIt did, at about a quarter past ten.";
    assert_eq!(split(text, Some(html)).reply, "Hello,\n\nIt did, at about a quarter past ten.");
    let own = "<p>It prints:</p><blockquote>stop</blockquote>";
    assert_eq!(split("It prints:\n\nstop", Some(own)).reply, "It prints:\n\nstop");
}

#[test]
fn a_bare_block_quote_above_a_signature_is_the_quote() {
    let text = "It did.\n\nDid the engine in the second hall stop?\n\n--\nBo Smith\nHall works";
    let html = "<p>It did.</p><blockquote><p>Did the engine in the second hall stop?</p></blockquote><p>-- <br>Bo Smith<br>Hall works</p>";
    assert_eq!(split_answer(text, Some(html)).reply, "It did.");
    let words = html.replace("-- <br>", "");
    let text = text.replace("--\n", "");
    assert!(split_answer(&text, Some(&words)).reply.contains("second hall"));
}
