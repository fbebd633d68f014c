enum ConsoleStub {}
