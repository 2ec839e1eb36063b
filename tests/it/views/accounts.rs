use super::{Said, run, settled};
use crate::harness::world::World;

fn session(world: &World, commands: &[&[&str]]) -> String {
    let mut told = String::new();
    for args in commands {
        let Said { out, err, code, .. } = run(world, 80, args);
        told.push_str(&format!("$ caseway {}\n{out}{err}[{code}]\n\n", args.join(" ")));
    }
    told
}

const TABLE: &str = "\
account_id,company,domains,contacts,products,partner,support_level
ac-1001,Example Oy,example-oy.test; example.test,boss@elsewhere.test,Endpoint;Exposure,no,premium
AC-2002,\"Reseller, Inc.\",reseller.test,,,yes,
AC-3003,Müller GmbH,müller.test,,Endpoint,,basic
";

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_imported_added_and_switched() {
    let world = World::new().await;
    let _settled = settled(&world);
    let write = |text: &str| std::fs::write(world.dir.path().join("accounts.csv"), text).unwrap();
    write(TABLE);
    let mut told = session(
        &world,
        &[
            &["account", "list"],
            &["account", "import", "accounts.csv", "--dry-run"],
            &["account", "list"],
            &["account", "import", "accounts.csv"],
            &["account", "import", "accounts.csv"],
            &["account", "list"],
            &["account", "list", "--search", "MÜLLER"],
            &[
                "account",
                "add",
                "ac-4004",
                "--company",
                "Fourth Oy",
                "--domain",
                "fourth.test",
                "--contact",
                "Boss@fourth.test",
            ],
            &["account", "add", "AC-4004", "--company", "Fourth Oy"],
            &["account", "add", "AC-5005", "--company", "Fifth Oy"],
            &["account", "add", "AC-6006", "--company", "Sixth Oy", "--domain", "gmail.com"],
            &["account", "disable", "ac-4004"],
            &["account", "disable", "ac-4004"],
            &["account", "show", "AC-4004"],
            &["account", "enable", "ac-4004"],
            &["account", "show", "AC-9999"],
        ],
    );
    write("Company;Account ID;Products\nMüller AG;AC-3003;\nExample Oy;ac-1001;Endpoint;\nNew Oy;;\n");
    told += &session(
        &world,
        &[
            &["account", "import", "accounts.csv"],
            &["account", "import", "accounts.csv", "--json"],
            &["account", "import", "accounts.csv", "--skip-bad-lines", "--dry-run"],
            &["account", "import", "accounts.csv", "--skip-bad-lines"],
            &["account", "show", "AC-3003"],
            &["account", "import", "missing.csv"],
        ],
    );
    insta::assert_snapshot!("accounts", told);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_added_and_switched() {
    let world = World::new().await;
    let _settled = settled(&world);
    let add = ["account", "add", "AC-1001", "--company", "Example Oy", "--domain", "example-oy.test"];
    assert_eq!(run(&world, 80, &add).code, 0);
    let maija = "maija@example-oy.test";
    let told = session(
        &world,
        &[
            &["account", "person", "list"],
            &[
                "account",
                "person",
                "add",
                "Maija@Example-Oy.test",
                "--account",
                "ac-1001",
                "--first",
                "Maija",
                "--last",
                "Meikäläinen",
                "--administrator",
            ],
            &["account", "person", "add", maija, "--account", "AC-1001", "--first", "M", "--last", "M"],
            &[
                "account",
                "person",
                "add",
                "bo@example-oy.test",
                "--account",
                "AC-1001",
                "--first",
                "Bo",
                "--last",
                "Berg",
            ],
            &["account", "person", "add", "bo@example-oy.test", "--account", "AC-7", "--first", "Bo", "--last", "Berg"],
            &["account", "person", "add", "nonsense", "--account", "AC-1001", "--first", "Bo", "--last", "Berg"],
            &["account", "person", "list"],
            &["account", "person", "show", maija],
            &["account", "person", "disable", maija],
            &["account", "person", "list", "--account", "AC-1001"],
            &["account", "person", "enable", maija],
            &["account", "person", "disable", "nobody@example-oy.test"],
            &["account", "person", "show", "nobody@example-oy.test"],
            &["account", "show", "AC-1001"],
            &["account", "show", "AC-1001", "--json"],
            &["account", "person", "show", maija, "--json"],
            &["account", "person", "list", "--json"],
        ],
    );
    insta::assert_snapshot!("people", told);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_table_is_imported_whole() {
    let world = World::new().await;
    let mut table = "account_id,company,domains\n".to_owned();
    (0..1_000).for_each(|n| table.push_str(&format!("AC-{n},Company {n},c{n}.test;d{n}.test\n")));
    std::fs::write(world.dir.path().join("large.csv"), &table).unwrap();
    let said = run(&world, 80, &["account", "import", "large.csv"]);
    assert_eq!(said.out, "Imported: 1000 new, 0 changed, 0 unchanged.\n", "{}", said.err);
    assert_eq!(run(&world, 80, &["account", "list", "--limit", "0", "--json"]).json().len(), 1_000);
    let fed = run(&world, 80, &["account", "import", "large.csv", "--json"]).json();
    assert_eq!(fed[0]["unchanged"], 1_000);
    let shown = run(&world, 80, &["account", "list", "--limit", "3"]);
    assert_eq!(
        (shown.out.lines().count(), shown.err.as_str()),
        (4, "There are more accounts than 3; --limit 0 shows all.\n")
    );
}
