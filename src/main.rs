//! Arguments in, exit code out: 0 done, 1 failed, 2 wrong arguments, 75 try again later.

use std::process::ExitCode;

use caseway::cli::{self, output};

fn main() -> ExitCode {
    let cli = cli::parse();
    let ended = tokio::runtime::Runtime::new().map_err(anyhow::Error::from).and_then(|runtime| {
        let ended = runtime.block_on(cli::run(cli));
        // A mail that is being read is read again at the next start: nobody waits for it now.
        runtime.shutdown_background();
        ended
    });
    match ended {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            ExitCode::FAILURE
        }
    }
}
