#include "commands.h"
#include "program.h"

int
main(int argc, char **argv)
{
	struct cli cli = { .program = "ps2canvas",
		.options = commands_options,
		.commands = commands,
		.sentence =
		    "Turns a district's PowerSchool tables into Canvas SIS Import"
		    " zips." };

	return program_main(&cli, argc, argv);
}
