use super::{desk, run, settled};

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_whole_private_and_overwrites_nothing() {
    let world = desk().await;
    let _settled = settled(&world);
    let said = run(&world, 80, &["backup", "copy.db"]);
    insta::with_settings!({ filters => vec![(r"\d+(\.\d)? [KM]B", "[SIZE]")] }, {
        insta::assert_snapshot!("backup", format!("{}{}", said.out, said.err));
    });
    let copy = world.dir.path().join("copy.db");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let before = std::fs::read(&copy).unwrap();
    let again = run(&world, 80, &["backup", "copy.db"]);
    assert_eq!(again.code, 1);
    insta::assert_snapshot!("backup_refused", again.err);
    assert_eq!(std::fs::read(&copy).unwrap(), before);
    let nowhere = run(&world, 80, &["backup", "none/copy.db"]);
    assert_eq!(nowhere.code, 1, "{}", nowhere.out);
    let left: Vec<_> = std::fs::read_dir(world.dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".partial")), "{left:?}");

    let original = run(&world, 80, &["ticket", "export"]).out;
    std::fs::copy(&copy, world.dir.path().join("restored.db")).unwrap();
    let config = std::fs::read_to_string(world.dir.path().join("caseway.toml")).unwrap();
    std::fs::write(world.dir.path().join("caseway.toml"), config.replace("caseway.db", "restored.db")).unwrap();
    assert_eq!(run(&world, 80, &["ticket", "export"]).out, original);
}
