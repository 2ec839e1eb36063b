//! A folder of the administrator's own templates: what may stand in it, and what stops the start.

use super::*;

fn write(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// The report about a folder with these files.
fn report(files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    let error = Letters::load(Some(folder.path())).unwrap_err();
    format!("{error:#}").replace(&folder.path().display().to_string(), "/etc/caseway/templates")
}

#[test]
fn a_file_overrides_one_template_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Subject: {{case_id}}: got it\r\n\r\n{{#each files}}\r\n- {{name}}\r\n{{/each}}\r\nMoi!\r\n";
    write(folder.path(), "mail/acknowledgement/fi.hbs", text);
    write(folder.path(), "README.md", "Not a template.");
    let letters = Letters::load(Some(folder.path())).unwrap();
    let mut letter = letter(Notice::Acknowledgement);
    letter.language = Language::Fi;
    let rendered = letters.render(&letter).unwrap();
    assert_eq!(rendered.subject, "CASE-1042: got it");
    assert!(rendered.text.starts_with("Moi!\n\n-- \n"), "{}", rendered.text);
    let overridden: Vec<_> = letters.list().filter(|listed| listed.overridden_by.is_some()).collect();
    assert_eq!(overridden.len(), 1);
    assert_eq!(overridden[0].overridden_by.as_deref(), Some(&*folder.path().join("mail/acknowledgement/fi.hbs")));
}

/// All of Markdown that a mail can carry, in both parts.
#[test]
fn markdown_of_all_kinds_reads_well() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Subject: {{case_id}}\n\n\
        # A heading\n\nPlain, *emphasis*, **strong** and `code`, in a paragraph that is long enough to be wrapped.\n\n\
        1. one\n2. two, which is long enough that it does not fit on one line of the text part of a mail\n\
        \x20  - within two\n   - and again\n3. three\n\n\
        - loose\n\n- list\n\n\
        > quoted\n>\n> - item\n> - {{case_id}}\n\n\
        ```\ncode  kept\n  as it is\n```\n\n---\n\n\
        <https://help.example.test/> [mail](mailto:a@example.test) [a@example.test](mailto:a@example.test)\\\n\
        [call](tel:+3581234) A\\-1 CASE-12-a xCASE-7\n";
    write(folder.path(), "mail/acknowledgement/en.hbs", text);
    let rendered = Letters::load(Some(folder.path())).unwrap().render(&letter(Notice::Acknowledgement)).unwrap();
    let body = rendered.html.split_once("<body").unwrap().1;
    insta::assert_snapshot!(format!("{}\n\n{body}", rendered.text.replace("-- \n", "--␠\n")));
}

#[test]
fn all_problems_come_in_one_report() {
    insta::assert_snapshot!(report(&[
        // Misspelt: in a branch that no sample takes, in a list, in a comparison, in the subject.
        (
            "mail/held/en.hbs",
            "Subject: {{case_ids}}\n\nHello\n\n{{#if (eq reason \"strangr\")}}\n{{autor.name}}\n{{/if}}\n\
             {{#each files}}\n- {{nam}} {{../case_id}} {{../nothing}}\n{{/each}}\n{{#if desk.ours}}x{{/if}}\n"
        ),
        ("mail/held/de.hbs", "Hallo\n"),
        ("mail/held/fi.hbs", "Subject: x\nno empty line\n"),
        ("mail/answer/en.hbs", "Subject: x\n\n{{words}}\n\n{{{quote.text}}}\n\n{{verbatim author}}\n\n{{> other}}\n"),
        ("mail/answer/de.hbs", "Subject: x\n\n{{verbatim words}}\n\n{{#if words}}\nopen\n"),
        ("mail/answer/fi.hbs", "Subject: x\n\nYou wrote: {{verbatim words}}\n\n{{files}} {{author}}\n"),
        (
            "mail/oversize/en.hbs",
            "Subject: {{linked_case_id}}\n\nHello <b>you</b>\n\n![logo](https://x.example.test/l.png)\n"
        ),
        ("mail/oversize/de.hbs", "Subject: x\n\n{{upper words}} {{person subject}}\n"),
        ("mail/oversize/fi.hbs", "Subject: x\n\n[klick](javascript:alert(1))\n\nYou wrote: {{verbatim words}}\n"),
        (
            "mail/form_received/en.hbs",
            "Subject: x\n\n{{#if (eq form.action \"regster\")}}x{{/if}}\n{{#each form.missing}}{{#if (eq problem \"odd\")}}\
             x{{/if}}{{/each}}\n{{#if (eq notice \"form_recieved\")}}x{{/if}}\n{{form.block}}\n\n\
             [Open](<{{link.url}}>)\n"
        ),
        ("mail/acknowledgment/en.hbs", "Subject: x\n\ny\n"),
        ("mail/acknowledgement/sv.hbs", "Subject: x\n\ny\n"),
        ("footer/en.hbs", "{{desk.nme}}\n"),
        ("layout.txt.hbs", "{{footer}}\n"),
        ("layout.html.hbs", "<p>{{{body}}} {{lang}}</p>\n"),
    ]));
}

#[test]
fn a_broken_layout_does_not_hide_itself() {
    insta::assert_snapshot!(report(&[("layout.html.hbs", "{{{body}}}\n{{#if footer}}\n")]));
}

#[test]
fn files_that_are_no_text_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("footer/fi.hbs");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, b"\xff\xfe").unwrap();
    let error = format!("{:#}", Letters::load(Some(folder.path())).unwrap_err());
    assert!(error.contains("fi.hbs: is not UTF-8"), "{error}");
    let error = format!("{:#}", Letters::load(Some(&folder.path().join("missing"))).unwrap_err());
    assert!(error.contains("missing: is no folder"), "{error}");
}
