use std::{process::Command, thread};

use crate::{
    servers::{Server, ministack, moto, postgres},
    setup,
    step::{note, step},
};

/// The database, the independent emulators and the linter of templates that the tests use.
pub(crate) struct Outside {
    postgres: postgres::Postgres,
    ministack: String,
    moto: String,
    cfn_lint: String,
    openapi_validator: String,
    _servers: [Server; 2],
}

impl Outside {
    /// Starts them all, after installing what is missing.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let python = setup::python::environment()?;
        let postgres = step("Starting a private PostgreSQL", postgres::start)?;
        let (ministack_server, ministack) =
            step("Starting ministack", || ministack::start(&python))?;
        let (moto_server, moto) = step("Starting moto", || moto::start(&python))?;
        Ok(Self {
            postgres,
            ministack,
            moto,
            cfn_lint: python.join("cfn-lint").display().to_string(),
            openapi_validator: python.join("openapi-spec-validator").display().to_string(),
            _servers: [ministack_server, moto_server],
        })
    }

    /// Tells a test runner where they are.
    pub(crate) fn describe<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.variables())
    }

    /// The variables by which tests find them.
    fn variables(&self) -> [(&'static str, &str); 5] {
        [
            ("TIDEMARK_TEST_POSTGRES_URL", &self.postgres.url),
            ("TIDEMARK_TEST_MINISTACK_URL", &self.ministack),
            ("TIDEMARK_TEST_MOTO_URL", &self.moto),
            ("TIDEMARK_TEST_CFN_LINT", &self.cfn_lint),
            ("TIDEMARK_TEST_OPENAPI_VALIDATOR", &self.openapi_validator),
        ]
    }
}

/// `cargo xtask outside`: keeps them running for tests that are started by hand.
pub(crate) fn serve() -> anyhow::Result<()> {
    let outside = Outside::start()?;
    for (name, value) in outside.variables() {
        println!("export {name}={value}");
    }
    note("Running until Ctrl-C");
    loop {
        thread::park();
    }
}
