#include "canvas2pt/grades_commands.h"
#include "program.h"

int
main(int argc, char **argv)
{
	struct cli cli = { .program = "canvas2pt",
		.options = grades_commands_options,
		.commands = grades_commands,
		.sentence =
		    "Turns the grades of Canvas courses into PowerTeacher import"
		    " files." };

	return program_main(&cli, argc, argv);
}
