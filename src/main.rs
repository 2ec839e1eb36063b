fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    for file in args.iter().skip(3) {
        let raw = std::fs::read(file)?;
        println!("{}", serde_json::to_string(&caseway::cli::inspect::inspect(file, &raw, "CASE"))?);
    }
    Ok(())
}
