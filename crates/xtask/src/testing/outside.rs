use std::process::Command;

use crate::{
    servers::{Server, ministack, moto, postgres},
    setup,
    step::step,
};

/// The database and the independent emulators that the tests use.
pub(super) struct Outside {
    postgres: postgres::Postgres,
    ministack: String,
    moto: String,
    _servers: [Server; 2],
}

impl Outside {
    /// Starts them all, after installing what is missing.
    pub(super) fn start() -> anyhow::Result<Self> {
        let python = setup::python::environment()?;
        let postgres = step("Starting a private PostgreSQL", postgres::start)?;
        let (ministack_server, ministack) =
            step("Starting ministack", || ministack::start(&python))?;
        let (moto_server, moto) = step("Starting moto", || moto::start(&python))?;
        Ok(Self {
            postgres,
            ministack,
            moto,
            _servers: [ministack_server, moto_server],
        })
    }

    /// Tells a test runner where they are.
    pub(super) fn describe<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("TIDEMARK_TEST_POSTGRES_URL", &self.postgres.url)
            .env("TIDEMARK_TEST_MINISTACK_URL", &self.ministack)
            .env("TIDEMARK_TEST_MOTO_URL", &self.moto)
    }
}
