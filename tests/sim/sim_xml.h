#ifndef SIM_XML_H
#define SIM_XML_H

#include "sim_answer.h"

/*
 * Makes the XML of a JSON answer, of which the JSON is a mechanical
 * conversion: @ members are attributes, a list is its element several times.
 */
void sim_xml_convert(struct sim_answer *answer);

#endif
