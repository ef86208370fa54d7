"""`python -m defensible`."""

from defensible.cli.edge import main

if __name__ == "__main__":
    main()
