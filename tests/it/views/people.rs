use super::{desk, run, settled};
use crate::harness::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn engineers_come_and_go() {
    let world = World::new().await;
    let mut told = String::new();
    for args in [
        &["engineer", "list"] as &[&str],
        &["engineer", "add", "Liisa@Engineers.test", "--name", " Liisa  Korhonen", "--queue", "support"],
        &["engineer", "add", "liisa@engineers.test", "--queue", "support"],
        &["engineer", "list"],
        &["engineer", "add", "liisa@engineers.test", "--name", "Liisa Virtanen", "--queue", "support"],
        &["engineer", "list", "--queue", "support"],
        &["engineer", "list", "--queue", "sales"],
        &["engineer", "add", "liisa@engineers.test", "--queue", "sales"],
        &["engineer", "add", "help@example.test", "--queue", "support"],
        &["engineer", "add", "liisa", "--queue", "support"],
        &["engineer", "remove", "liisa@engineers.test", "--queue", "sales"],
        &["engineer", "remove", "LIISA@engineers.test"],
        &["engineer", "remove", "liisa@engineers.test"],
    ] {
        let said = run(&world, 80, args);
        told.push_str(&format!("$ caseway {}\n{}{}[{}]\n\n", args.join(" "), said.out, said.err, said.code));
    }
    // When somebody became an engineer is the time of the test.
    let _settled = settled(&world);
    insta::with_settings!({ filters => vec![(r"\d{4}-\d\d-\d\d \d\d:\d\d", "[TIME]")] }, {
        insta::assert_snapshot!("engineers", told);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engineers_open_tickets_are_counted() {
    let world = desk().await;
    world.execute("UPDATE person SET suppressed = 1 WHERE email = 'erkki@engineers.test'").await;
    let listed = run(&world, 80, &["engineer", "list", "--json"]).json();
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0]["open_tickets"], &listed[0]["suppressed"]), (&1.into(), &true.into()));
    let removed = run(&world, 80, &["engineer", "remove", "erkki@engineers.test"]);
    insta::assert_snapshot!("engineer_removed", removed.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_are_listed_and_previewed() {
    let world = World::new().await;
    let _settled = settled(&world);
    let listed = run(&world, 80, &["template", "list"]);
    assert!(
        listed.out.lines().any(|line| line.starts_with("acknowledgement") && line.contains("built in")),
        "{}",
        listed.out
    );
    let json = run(&world, 80, &["template", "list", "--json"]).json();
    assert_eq!(json.len() + 1, listed.out.lines().count());
    let folder = world.dir.path().join("words");
    let path = folder.join(json[0]["path"].as_str().unwrap());
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, "Subject: Mine\n\nWords of our own for {{case_id}}.\n").unwrap();
    let config = world.dir.path().join("caseway.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{text}\n[templates]\npath = \"words\"\n")).unwrap();
    let kind = json[0]["notice"].as_str().unwrap();
    let language = json[0]["language"].as_str().unwrap();
    let preview = run(&world, 80, &["template", "preview", kind, "--language", language]);
    assert!(preview.out.contains("Words of our own for CASE-"), "{} {}", preview.out, preview.err);
    assert!(run(&world, 80, &["template", "list"]).out.contains("yours: "));
    let html = run(&world, 80, &["template", "preview", kind, "--language", language, "--html"]);
    assert!(html.out.contains("<p"), "{}", html.out);
    let raw = run(&world, 80, &["template", "preview", "new-ticket", "--raw"]);
    assert!(raw.out.contains("Message-ID: <"), "{}", raw.out);
    assert_eq!(run(&world, 80, &["template", "preview", "nonsense"]).code, 2);
}
